import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { renderSummary } from '../../reports/index.ts';
import { openStandardStream } from '../audit/index.ts';
import type { Run } from '../model/run.ts';
import type { AuditError } from '../support/errors.ts';

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
  /** Default stderr. */
  readonly fd?: number;
}

export function printError({ message, hint }: Pick<AuditError, 'message' | 'hint'>): void {
  print(STDERR, `proxaudit: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`);
}

export function printSummary(run: Run, place: SummaryPlace): void {
  const { fd = STDERR, journalFile, written = [], verbose } = place;
  const summary = renderSummary(run, {
    columns: columnsOf(fd),
    colour: wantsColour(fd),
    verbose,
    ...(journalFile === null ? {} : { journalPath: journalFile }),
    ...(process.env['HOME'] === undefined ? {} : { home: process.env['HOME'] }),
  });
  print(fd, summary + written.map((file) => `  report   ${file}\n`).join(''));
}

/**
 * Writes at once, without a stream: opening one makes a pipe non-blocking for every process that shares it. A reader
 * that is gone is no error of ours.
 */
export function print(fd: number, text: string): void {
  let rest = Buffer.from(text);
  for (let retries = 0; rest.length > 0 && retries < MAX_RETRIES;) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      retries += 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

function columnsOf(fd: number): number {
  if (!isatty(fd)) return DEFAULT_COLUMNS;
  const { columns } = openStandardStream(fd === STDOUT ? 'stdout' : 'stderr');
  return columns > 0 ? columns : DEFAULT_COLUMNS;
}

/** https://no-color.org */
function wantsColour(fd: number): boolean {
  const { NO_COLOR, TERM } = process.env;
  return isatty(fd) && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
