import type { RecordFact } from '../model/events.ts';
import type { Examiner } from './examine/examiner.ts';
import type { LaterLockfiles, LoadedLockfile } from './expectations.ts';
import type { Recogniser } from './recogniser.ts';

export interface SessionOptions {
  readonly record: RecordFact;
  readonly redactUrl: (url: string) => string;
  readonly lockfiles: readonly LoadedLockfile[];
  /** That of the run. */
  readonly command?: readonly string[] | undefined;
  readonly laterLockfiles?: LaterLockfiles | undefined;
  /** Private to us; bodies that must be opened are spooled there for as long as that takes. */
  readonly directory: string;
  readonly recognisers: readonly Recogniser[];
  readonly examiner: Examiner;
  /** How long the end may wait for what is still being read, in milliseconds. */
  readonly patienceMs: number;
}
