import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProcessStat } from '../support/procfs.ts';

const FILE = 'pid';

/** Marks a run directory as in use by this process. */
export function lockRun(directory: string): void {
  writeFileSync(join(directory, FILE), `${process.pid} ${startTimeOf(process.pid)}\n`, { mode: 0o600 });
}

/** Never throws: a lock that stays behind ends with this process. */
export function unlockRun(directory: string): void {
  try {
    rmSync(join(directory, FILE), { force: true });
  } catch {
    // The directory is no longer ours to write to.
  }
}

/** Whether the process that locked the directory is still alive; a reused process id is told apart by its start. */
export function isRunLive(directory: string): boolean {
  let lock: string;
  try {
    lock = readFileSync(join(directory, FILE), 'utf8');
  } catch {
    return false;
  }
  const [, pid, startTime] = /^(\d+) (\d*)\n$/.exec(lock) ?? [];
  if (pid === undefined || startTime === undefined) return false;
  return isAlive(Number(pid)) && startTimeOf(Number(pid)) === startTime;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In clock ticks after boot; empty where there is no /proc, and for a process that has ended. */
function startTimeOf(pid: number): string {
  try {
    const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return stat === undefined || stat.state === 'Z' ? '' : String(stat.startTime);
  } catch {
    return '';
  }
}
