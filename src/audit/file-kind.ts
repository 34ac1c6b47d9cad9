import { existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AuditError } from '../support/errors.ts';
import { tryReadStart } from '../support/read-bounded.ts';

type FileKind = 'journal' | 'lock file' | 'report' | 'compressed file' | 'directory';

/** What the first line of a lock file, after its comments, may be in any version. */
const LOCK_FILE = /^\ufeff?(?:[ \t\r]*(?:#[^\n]*)?\n)*version \d/;
/** How each format, and the summary, begins; JSON also where it was made compact. */
const REPORT =
  /^\s*(?:\{\s*"(?:schemaVersion|\$schema|bomFormat|_type|monitor)"|### proxaudit: |─── proxaudit )/;
const COLOURS = /\u001b\[\d+m/g;
const START_BYTES = 4_096;

/** What a file is among what proxaudit writes, and how that is kept; undefined for anything else. */
function kindOf(file: string): FileKind | undefined {
  if (isDirectory(file)) return 'directory';
  const start = tryReadStart(file, START_BYTES);
  if (start === undefined) return undefined;
  if (/^(?:1f8b|28b52ffd|fd377a58|504b0304)/.test(start.toString('hex', 0, 4))) return 'compressed file';
  const text = start.toString('utf8');
  if (/^\{"v":\d+,"seq":/.test(text)) return 'journal';
  if (LOCK_FILE.test(text)) return 'lock file';
  return REPORT.test(text.replace(COLOURS, '')) ? 'report' : undefined;
}

function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

const HINTS: Readonly<Record<FileKind, (shown: string) => string>> = {
  journal: (shown) => `To make a lock file of it: proxaudit lock -o FILE ${shown}`,
  'lock file': (shown) => `To check the last run against it: proxaudit lock --check -o ${shown}`,
  report: () =>
    'Nothing is read back from a report, but made from its journal: "proxaudit runs" lists those that are kept.',
  'compressed file': (shown) => `Decompress it, as in: gzip -dc ${shown} | proxaudit report -`,
  directory: (shown) => `Name the journals in it, as in: proxaudit report ${join(shown, '*.jsonl')}`,
};

/**
 * Lets pass what is expected, and whatever is unknown: its reader tells what is wrong with it.
 * @param shown stands for the file in messages.
 * @throws {AuditError} `bad-input` for a file of another kind, with what can be done with that.
 */
export function expectKind(
  file: string,
  expected: 'journal' | 'lock file' | 'journal or lock file',
  shown = file,
): void {
  const kind = kindOf(file);
  if (kind === undefined || expected.includes(kind)) return;
  throw new AuditError('bad-input', `${shown} is a ${kind}; expected a ${expected}`, {
    hint: hintFor(kind, file, shown),
  });
}

function hintFor(kind: FileKind, file: string, shown: string): string {
  const own = join(file, 'journal.jsonl');
  if (kind === 'directory' && existsSync(own)) return `Its journal is ${join(shown, 'journal.jsonl')}`;
  return HINTS[kind](shown);
}

/** Throws `AuditError` `bad-input` for a journal: there is only one of it, and all else is made from it. */
export function refuseToOverwrite(file: string): void {
  if (kindOf(file) !== 'journal') return;
  throw new AuditError('bad-input', `${file} is a journal, and is not overwritten`, {
    hint: 'Name another file, or move the journal away.',
  });
}

/**
 * Lets pass what is not there, and a lock file. For a file that nobody named: what stands there may be anybody's.
 * @throws {AuditError} `bad-input` for anything else, a symbolic link among them.
 */
export function refuseForeignLock(file: string): void {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined || (status.isFile() && kindOf(file) === 'lock file')) return;
  const what = status.isSymbolicLink() ? 'a symbolic link' : 'no lock file of proxaudit';
  throw new AuditError('bad-input', `${file} is ${what}, and is not replaced`, {
    hint: 'Remove it, or name the file yourself with -o FILE, which replaces it.',
  });
}
