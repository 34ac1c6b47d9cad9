import type { Signals } from './signals.ts';

/** A command that does not end by SIGTERM is killed after this. */
const KILL_MS = 5_000;

/**
 * For a process that is not ours: no handler is installed anywhere, and nothing but the caller's own `AbortSignal` ends
 * the child. Files are removed when the run ends, or by the sweep of a later run.
 */
export function followAbort(abort: AbortSignal): Signals {
  let stop: () => void = () => undefined;
  return {
    hurry: abort,
    onEnd: () => () => undefined,
    attach: (pid) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (): void => {
        kill(pid, 'SIGTERM');
        timer = setTimeout(() => {
          kill(pid, 'SIGKILL');
        }, KILL_MS);
      };
      abort.addEventListener('abort', end, { once: true });
      if (abort.aborted) end();
      stop = () => {
        clearTimeout(timer);
        abort.removeEventListener('abort', end);
      };
    },
    detach: () => {
      stop();
    },
  };
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone, or another user's by now.
  }
}
