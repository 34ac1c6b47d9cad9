import type { Exit } from '../model/outcome.ts';

/** The exit status that stands for the child's: its code, 128+n for signal n, 126 or 127 when it could not start. */
export function exitStatus(exit: Exit): number {
  return exit.kind === 'signal' ? 128 + exit.number : exit.code;
}
