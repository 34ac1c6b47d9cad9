import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { LockedEntry } from '../model/artifact.ts';
import { AuditError } from '../support/errors.ts';
import { readBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import type { LockfileParser } from './parser.ts';
import { parsers } from './parsers/index.ts';
import { readSyntax } from './syntax.ts';

export interface Lockfile {
  readonly parser: string;
  readonly ecosystem: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  readonly entries: readonly LockedEntry[];
  /** It is as good as none. */
  readonly isEmpty: boolean;
}

const MAX_BYTES = 128_000_000;
const MAX_ENTRIES = 200_000;

/** How a path is told; default as it is. */
export type Show = (path: string) => string;

const asItIs: Show = (path) => path;

/**
 * Reads a lockfile. Undefined for a file whose name may be a lockfile's, but which locks nothing (requirements without
 * hashes, a Dockerfile without pinned images).
 * @throws AuditError `bad-input` when it cannot be read, is none that is known, or is damaged.
 */
export async function loadLockfile(path: string, show: Show = asItIs): Promise<Lockfile | undefined> {
  const bytes = readLockfileBytes(path, show(path));
  const text = bytes.toString('utf8');
  const parser = chooseParser(basename(path), text);
  return parser && parseLockfile(parser, bytes, show(path));
}

/** What a parser makes of it. Throws as `loadLockfile` does. */
export async function parseLockfile(parser: LockfileParser, bytes: Buffer, shown: string): Promise<Lockfile> {
  return {
    parser: parser.id,
    ecosystem: parser.ecosystem,
    digest: createHash('sha256').update(bytes).digest('hex'),
    ...(await parse(parser, shown, bytes.toString('utf8'))),
  };
}

/** By name; a file under another name is taken for what its text looks like. */
function chooseParser(fileName: string, text: string): LockfileParser | undefined {
  const named = parsers.filter(({ matches }) => matches(fileName));
  if (named.length > 0) return named.find(({ accepts }) => accepts?.(text) ?? true);
  const alike = parsers.find(({ id, accepts }) => id === 'requirements' && accepts?.(text));
  if (alike !== undefined) return alike;
  throw new AuditError('bad-input', `${fileName} is no lockfile that proxaudit knows`, {
    hint: 'Expected a lockfile of npm, Yarn, pnpm, Bun, pip, Poetry, uv, Pipenv, PDM, Cargo, Go or Gradle under its usual name, requirements with hashes, or a Dockerfile with pinned images.',
  });
}

async function parse(
  parser: LockfileParser,
  shown: string,
  text: string,
): Promise<Pick<Lockfile, 'entries' | 'isEmpty'>> {
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text;
  // What is blank is no valid JSON, and is none all the same.
  if (bare.trim() === '') return { entries: [], isEmpty: true };
  try {
    const document = parser.syntax === undefined ? undefined : await readSyntax(parser.syntax, bare);
    const entries = parser.parse(bare, document);
    const isEmpty = parser.isEmpty?.(bare, document) === true;
    if (entries.length <= MAX_ENTRIES) return { entries, isEmpty };
  } catch (cause) {
    const reason = cause instanceof Error ? describe(cause.message, text) : 'unknown reason';
    throw new AuditError('bad-input', `${shown} cannot be read as ${parser.id}: ${reason.slice(0, 200)}`, {
      hint: 'Make it anew with its own tool.',
      cause,
    });
  }
  throw new AuditError('bad-input', `${shown} has more than ${MAX_ENTRIES} entries`, {
    hint: 'Name lockfiles of less, or none.',
  });
}

/** The first line of a message; a position in the text is told as a line, and the text itself not at all. */
function describe(message: string, text: string): string {
  const [first = ''] = message.split('\n');
  const [, problem, position] = /^(.*?)(?: in JSON)? at position (\d+)/.exec(first) ?? [];
  // It may be the text of any file, by a link.
  if (problem === undefined) return first.replace(/^Unexpected token .* is not valid JSON$/, 'it is no JSON');
  return `line ${text.slice(0, Number(position)).split('\n').length}: ${problem}`;
}

/** Throws AuditError `bad-input` where it cannot be read. */
export function readLockfileBytes(path: string, shown: string): Buffer {
  try {
    return readBounded(path, { maxBytes: MAX_BYTES });
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new AuditError('bad-input', `the lockfile ${shown} cannot be read: ${reason}`, {
      hint: 'Check its name: a relative one is looked for in the working directory.',
      cause,
    });
  }
}
