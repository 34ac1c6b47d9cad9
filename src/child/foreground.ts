import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { parseProcessStat } from '../support/procfs.ts';

/**
 * Whether we are in the foreground process group of our terminal, so that the terminal sends its signals (Ctrl-C) to
 * the child as well as to us. Where `/proc` cannot tell, a terminal on any standard stream counts as yes.
 */
export function sharesForeground(): boolean {
  try {
    const stat = parseProcessStat(readFileSync('/proc/self/stat', 'latin1'));
    if (stat !== undefined) return stat.group === stat.foregroundGroup;
  } catch {
    // No /proc here.
  }
  return isatty(0) || isatty(1) || isatty(2);
}
