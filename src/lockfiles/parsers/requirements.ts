// https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode
import type { LockedEntry } from '../../model/artifact.ts';
import { normaliseProject, readHexDigest, type LockfileParser } from '../parser.ts';

/** requirements*.txt with hashes: any of them may be the file's. */
export const requirements: LockfileParser = {
  id: 'requirements',
  ecosystem: 'pypi',
  matches: (fileName) => /^(?:requirements|constraints)[\w.-]*\.txt$/.test(fileName),
  // Without hashes it is a wish list, not a lock.
  accepts: (text) => /(?:^|\s)--hash[=\s]/.test(text),
  parse: (text) => joinLines(text).flatMap(({ row, line }) => entryOf(row, line)),
};

/** Rows that end in a backslash go on in the next one; comments are cut. */
function joinLines(text: string): { row: string; line: number }[] {
  const rows: { row: string; line: number }[] = [];
  let open: { row: string; line: number } | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const comment = raw.search(/(?:^|\s)#/);
    const part = (comment < 0 ? raw : raw.slice(0, comment)).trimEnd();
    const goesOn = part.endsWith('\\');
    const row = goesOn ? part.slice(0, -1) : part;
    open = open === undefined ? { row, line: index + 1 } : { row: `${open.row} ${row}`, line: open.line };
    if (goesOn) continue;
    rows.push(open);
    open = undefined;
  }
  if (open !== undefined) rows.push(open);
  return rows;
}

function entryOf(row: string, line: number): LockedEntry[] {
  const expected = [...row.matchAll(/--hash[=\s]\s*(\S+)/g)].flatMap(([, text]) => readHexDigest(text) ?? []);
  const [, name, version] =
    /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\]\s*)?===?\s*([^\s;,]+)/.exec(row) ?? [];
  if (name !== undefined && version !== undefined) {
    return [{ name: normaliseProject(name), version, expected, line }];
  }
  const [, named, url] =
    /^\s*(?:([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\]\s*)?@\s*)?(https?:\/\/\S+)/.exec(row) ?? [];
  if (url === undefined) return [];
  const [address = '', fragment = ''] = url.split('#');
  const pinned = readHexDigest(fragment);
  const all = pinned === undefined ? expected : [...expected, pinned];
  return [{ name: normaliseProject(named ?? address), version: null, expected: all, url: address, line }];
}
