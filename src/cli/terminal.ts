import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { openStandardStream } from '../audit/index.ts';
import type { Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { escapeTerminal } from '../support/escape-terminal.ts';
import { reasonOf } from '../support/reason-of.ts';

export const STDOUT = 1;
export const STDERR = 2;
const DEFAULT_COLUMNS = 80;
const RETRY_MS = 2;
const MAX_RETRIES = 2500;

export interface SummaryPlace {
  readonly verbose: boolean;
  /** Null when the journal is no file. */
  readonly journalFile: string | null;
  /** Reports that were written to files. */
  readonly written?: readonly string[];
  /** Our own diagnostics; null when there are none. */
  readonly logFile?: string | null;
  /** What the command printed last may be no whole line: the summary must not begin in the middle of it. */
  readonly isAfterCommand?: boolean;
  /** Default stderr. */
  readonly fd?: number;
}

export function printError({ message, hint }: Pick<AuditError, 'message' | 'hint'>): void {
  printOnStderr(`proxaudit: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`);
}

/** Something to know, on stderr. */
export function printNote(text: string): void {
  printOnStderr(`proxaudit: ${escapeTerminal(text)}\n`);
}

export async function printSummary(run: Run, place: SummaryPlace): Promise<void> {
  const { fd = STDERR, journalFile, logFile = null, written = [], verbose } = place;
  const options = {
    columns: columnsOf(fd),
    colour: wantsColour(fd),
    verbose,
    ...(journalFile === null ? {} : { journalPath: journalFile }),
    ...(logFile === null ? {} : { logPath: logFile }),
    reportPaths: written,
    ...(process.env['HOME'] === undefined ? {} : { home: process.env['HOME'] }),
  };
  // When the command has ended, and the table's library only where there is a table.
  const { renderQuietSummary } = await import('../../reports/summary/quiet.ts');
  const summary =
    renderQuietSummary(run, options) ??
    (await import('../../reports/summary.ts')).renderSummary(run, options);
  const text = `${place.isAfterCommand === true && isOneFile(STDOUT, fd) ? '\n' : ''}${summary}`;
  if (fd === STDERR) printOnStderr(text);
  else print(fd, text);
}

/** Whether what is written to both comes out in one place: a terminal, a log. */
function isOneFile(a: number, b: number): boolean {
  try {
    const [one, other] = [fstatSync(a), fstatSync(b)];
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
}

/**
 * Writes at once, without a stream: opening one makes a pipe non-blocking for every process that shares it. A reader
 * that is gone is no error of ours. Throws `AuditError` when it cannot be written otherwise.
 */
export function print(fd: number, text: string | Buffer): void {
  let rest: Buffer = typeof text === 'string' ? Buffer.from(text) : text;
  for (let retries = 0; rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
      retries = 0;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN' || retries === MAX_RETRIES) {
        throw new AuditError('bad-input', `the output cannot be written: ${reasonOf(error)}`, {
          cause: error,
        });
      }
      retries += 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/** Where errors go there is no other place to tell that they cannot be written. */
function printOnStderr(text: string): void {
  try {
    print(STDERR, text);
  } catch {
    // The exit status still tells.
  }
}

export function columnsOf(fd: number): number {
  if (!isatty(fd)) return DEFAULT_COLUMNS;
  const { columns } = openStandardStream(fd === STDOUT ? 'stdout' : 'stderr');
  return columns > 0 ? columns : DEFAULT_COLUMNS;
}

/** https://no-color.org */
export function wantsColour(fd: number): boolean {
  const { NO_COLOR, TERM } = process.env;
  return isatty(fd) && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
