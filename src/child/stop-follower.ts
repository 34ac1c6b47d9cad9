import { readFileSync } from 'node:fs';
import { parseProcessStat, type ProcessStat } from '../support/procfs.ts';

/** Long enough for a SIGCONT that was sent to both of us to have reached the child as well. */
const SETTLE_MS = 50;

/**
 * Stops us when the child alone has stopped (Ctrl-Z in a pager, `suspend` in a shell) while the terminal is its or
 * ours: otherwise the shell that started us would wait for ever. `fg` then continues both. Ctrl-Z that reaches the
 * whole group needs nothing from us. Linux only. Returns how to end it.
 */
export function createStopFollower(pid: number): () => void {
  if (process.platform !== 'linux') return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const stopToo = (): void => {
    timer = undefined;
    const child = readStat(pid);
    if (child?.state !== 'T' || !isInFront(child)) return;
    process.kill(process.pid, 'SIGSTOP');
    // We run again, so somebody continued us: `fg` reaches our group only, and the child may have one of its own.
    if (readStat(pid)?.state === 'T') process.kill(pid, 'SIGCONT');
  };
  const onChildChange = (): void => {
    if (timer === undefined && readStat(pid)?.state === 'T') timer = setTimeout(stopToo, SETTLE_MS);
  };
  process.on('SIGCHLD', onChildChange);
  return () => {
    clearTimeout(timer);
    process.removeListener('SIGCHLD', onChildChange);
  };
}

/** Whether the terminal is the child's or ours. */
function isInFront({ group, foregroundGroup }: ProcessStat): boolean {
  return (
    foregroundGroup !== -1 && (foregroundGroup === group || foregroundGroup === readStat(process.pid)?.group)
  );
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}
