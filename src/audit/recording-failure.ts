import type { Integrity } from '../model/run.ts';
import { endsWithinLine, type Journal } from '../run/index.ts';
import { AuditError } from '../support/errors.ts';
import type { Log } from '../support/log.ts';

interface Recorded {
  readonly journal: Pick<Journal, 'seq'>;
  /** Null when it is no file. */
  readonly journalFile: string | null;
  readonly log: Log;
}

/** Why a journal under way is not what it should be, and what that makes of it. */
export class RecordingFailure {
  readonly #recorded: Recorded;
  #error: Error | undefined;
  #isFinished = false;

  constructor(recorded: Recorded) {
    this.#recorded = recorded;
  }

  /** The first one. */
  get error(): Error | undefined {
    return this.#error;
  }

  readonly fail = (error: Error): void => {
    this.#recorded.log.error('recording failed', { error });
    this.#error ??= error;
  };

  /** Its last line is written. */
  finish(): void {
    this.#isFinished = true;
  }

  /** As the reader of the journal will find it: a report that is made of it later says the same. */
  integrity(): Integrity {
    const { journal, journalFile } = this.#recorded;
    if (this.#isFinished || this.#error === undefined) return { verdict: 'intact', problems: [] };
    const isCut = journalFile !== null && endsWithinLine(journalFile);
    const problems = isCut ? [{ line: journal.seq() + 1, message: 'cut short' }] : [];
    return { verdict: 'truncated', problems };
  }

  /** The file is not what was written to it any more. */
  tampered(change: string): Integrity {
    const { journalFile, log } = this.#recorded;
    const { problems } = this.integrity();
    log.error('the journal was changed while the run lasted', { change });
    this.#error ??= journalTampered(journalFile, change);
    return { verdict: 'tampered', problems: [{ message: change }, ...problems], isFromRecorder: true };
  }
}

function journalTampered(file: string | null, change: string): AuditError {
  return new AuditError(
    'journal-tampered',
    `the journal ${file ?? ''} was changed while the run lasted: ${change}`,
    {
      hint: 'The summary and the reports are of what was recorded, and so is the head. Keep those, and not that file.',
    },
  );
}
