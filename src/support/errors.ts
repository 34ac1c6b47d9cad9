export type ErrorCode = 'bad-usage' | 'bad-input' | 'bad-certificate' | 'cannot-start' | 'journal-failed';

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
