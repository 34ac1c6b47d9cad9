import { constants } from 'node:os';
import { sharesForeground } from './foreground.ts';
import { createStopFollower } from './stop-follower.ts';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
const FORWARDED = [...ENDING, 'SIGWINCH'] as const;
/** The terminal sends these to its whole foreground process group by itself. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGWINCH']);

export interface Signals {
  /** Has `cleanUp` run, newest first, when a signal ends us; returns how to take it back. It must be synchronous. */
  onEnd(cleanUp: () => void): () => void;
  /** Aborted by the first ending signal after the child has exited: whoever still waits should stop waiting. */
  readonly hurry: AbortSignal;
  /** From now on signals go to this child. Call it in the turn that spawned it. */
  attach(pid: number): void;
  /** The child has exited. */
  detach(): void;
}

/**
 * Takes over the signals that the child should get. Before there is a child, an ending signal ends us at once with
 * 128+n; while it lives no signal ends us; after it, the first one sets `hurry` and the next one ends us.
 */
export function installSignalHandlers(): Signals {
  const cleanUps = new Set<() => void>();
  const hurry = new AbortController();
  let receive: (signal: NodeJS.Signals) => void = (signal) => {
    endBy(signal, cleanUps);
  };
  let stopFollowing: () => void = () => undefined;

  for (const signal of FORWARDED) {
    if (signal in constants.signals)
      process.on(signal, () => {
        receive(signal);
      });
  }
  return {
    hurry: hurry.signal,
    onEnd: (cleanUp) => {
      cleanUps.add(cleanUp);
      return () => {
        cleanUps.delete(cleanUp);
      };
    },
    attach: (pid) => {
      receive = createForwarder(pid);
      stopFollowing = createStopFollower(pid);
    },
    detach: () => {
      stopFollowing();
      receive = (signal) => {
        if (signal === 'SIGWINCH') return;
        if (hurry.signal.aborted) endBy(signal, cleanUps);
        hurry.abort();
      };
    },
  };
}

function endBy(signal: NodeJS.Signals, cleanUps: ReadonlySet<() => void>): void {
  if (signal === 'SIGWINCH') return;
  for (const cleanUp of [...cleanUps].reverse()) {
    try {
      cleanUp();
    } catch {
      // The others must still run, and nobody is left to tell.
    }
  }
  process.exit(128 + constants.signals[signal]);
}

function createForwarder(pid: number): (signal: NodeJS.Signals) => void {
  // What is delivered in the first turn may have been sent before the child was there to share it.
  let isNew = true;
  setImmediate(() =>
    setImmediate(() => {
      isNew = false;
    }),
  );
  return (signal) => {
    if (!isNew && FROM_TERMINAL.has(signal) && sharesForeground()) return;
    sendSignal(pid, signal);
  };
}

/** Sends a signal unless the process is gone or has become another user's (sudo), whose terminal must do it. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // As said above.
  }
}
