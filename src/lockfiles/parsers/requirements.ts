// https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
import type { LockedEntry } from '../../model/artifact.ts';
import { commitDigest, normaliseProject, readHexDigest, type LockfileParser } from '../parser.ts';

/** requirements*.txt with hashes: any of them may be the file's. */
export const requirements: LockfileParser = {
  id: 'requirements',
  ecosystem: 'pypi',
  matches: (fileName) => /^(?:requirements|constraints)[\w.-]*\.txt$/.test(fileName),
  // Without hashes it is a wish list, not a lock.
  accepts: (text) => /(?:^|\s)--hash[=\s]/.test(text),
  parse: (text) => joinLines(text).flatMap(({ row, line }) => entryOf(row, line)),
};

/** What `-r`, `-c` and their long forms name, in order; a row has one. https://pip.pypa.io/en/stable/reference/requirements-file-format */
export function readIncludes(text: string): string[] {
  return joinLines(text).flatMap(({ row }) => {
    const [, quoted, single, bare] =
      /^\s*(?:-[rc]\s*|--(?:requirements?|constraints?)(?:\s*=\s*|\s+))(?:"([^"]+)"|'([^']+)'|(\S+))/.exec(
        row,
      ) ?? [];
    return quoted ?? single ?? bare ?? [];
  });
}

/** Rows that end in a backslash go on in the next one, but for those that are a comment; comments are cut then. */
function joinLines(text: string): { row: string; line: number }[] {
  const rows: { row: string; line: number }[] = [];
  let open: { row: string; line: number } | undefined;
  const close = (): void => {
    if (open !== undefined) rows.push({ ...open, row: withoutComment(open.row) });
    open = undefined;
  };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const isComment = /^\s*#/.test(raw);
    const goesOn = raw.endsWith('\\') && !isComment;
    const row = goesOn ? raw.slice(0, -1) : isComment ? ` ${raw.trimStart()}` : raw;
    open = open === undefined ? { row, line: index + 1 } : { row: `${open.row} ${row}`, line: open.line };
    if (!goesOn) close();
  }
  close();
  return rows;
}

function withoutComment(row: string): string {
  const comment = row.search(/(?:^|\s)#/);
  return (comment < 0 ? row : row.slice(0, comment)).trimEnd();
}

function entryOf(written: string, line: number): LockedEntry[] {
  const row = written.replace(/^\s*(?:-e\s*|--editable(?:\s*=\s*|\s+))/, '');
  const expected = [...row.matchAll(/--hash[=\s]\s*(\S+)/g)].flatMap(([, text]) => readHexDigest(text) ?? []);
  const [, name, version] =
    /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\]\s*)?===?\s*([^\s;,]+)/.exec(row) ?? [];
  if (name !== undefined && version !== undefined) {
    return [{ name: normaliseProject(name), version, expected, line }];
  }
  const [, named, url] =
    /^\s*(?:([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\]\s*)?@\s*)?(https?:\/\/\S+)/.exec(row) ?? [];
  if (url === undefined) return cloned(row, line);
  const [address = '', fragment = ''] = url.split('#');
  const pinned = readHexDigest(fragment);
  const all = pinned === undefined ? expected : [...expected, pinned];
  return [{ name: normaliseProject(named ?? address), version: null, expected: all, url: address, line }];
}

/** `NAME @ git+URL@COMMIT` or `git+URL@COMMIT#egg=NAME`. */
function cloned(row: string, line: number): LockedEntry[] {
  const [, named, address = '', fragment = ''] =
    /^\s*(?:([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\]\s*)?@\s*)?(git\+[^\s#]+)(?:#(\S+))?/.exec(row) ?? [];
  const expected = commitDigest(/@([0-9a-f]+)$/.exec(address)?.[1]);
  const name = named ?? /(?:^|&)egg=([A-Za-z0-9._-]+)/.exec(fragment)?.[1] ?? 'git';
  return expected.length === 0 ? [] : [{ name: normaliseProject(name), version: null, expected, line }];
}
