import type { Log } from '../support/log.ts';
import type { RecordFact } from '../model/events.ts';
import type { Process } from '../model/exchange.ts';
import type { Listener } from './egress-sockets.ts';

/** What is known of the processes of the run. */
export interface RunProcesses {
  /** Processes that came since the last call; some of them may be others'. */
  readonly listNew: () => readonly number[];
  /** Undefined when it is gone, or not of the run. */
  readonly describe: (pid: number) => Process | undefined;
  /** The process of the run that holds a socket. */
  readonly findHolder: (inode: number) => Promise<Process | undefined>;
}

export interface WatchOptions {
  readonly record: RecordFact;
  /** Where connections are read: they bypass nothing. */
  readonly listener: Listener;
  /** Whether connections within this machine are to be read too, so that those to others than us bypass us. */
  readonly includeLocal: boolean;
  /** Our own diagnostics. */
  readonly log: Log;
  readonly processes: RunProcesses;
}

export interface Watch {
  /** Ends the watch, and resolves when all that was seen is recorded. */
  readonly stop: () => Promise<void>;
}
