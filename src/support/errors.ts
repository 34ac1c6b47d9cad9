export type ErrorCode =
  /** A command line or an option. */
  | 'bad-usage'
  /** A file, a journal, or anything else that was to be read or written. */
  | 'bad-input'
  /** A certificate authority or a key. */
  | 'bad-certificate'
  /** Nothing was run. */
  | 'cannot-start'
  /** What could not be recorded was not let through. */
  | 'journal-failed'
  /** Somebody changed the journal while the run lasted; what is reported was kept by the recorder. */
  | 'journal-tampered'
  /** A reader of events is too slow. */
  | 'events-lost';

/** An error that a user can mend: `message` says what was wrong and what was expected, `hint` how to mend it. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
