// https://classic.yarnpkg.com/lang/en/docs/yarn-lock/
import type { LockedEntry } from '../../model/artifact.ts';
import { checkedDigest, commitDigest, readIntegrity, type LockfileParser } from '../parser.ts';

/** yarn.lock of Yarn 1: entries at the margin, members indented by two blanks. */
export const yarnClassic: LockfileParser = {
  id: 'yarn-classic',
  ecosystem: 'npm',
  matches: (fileName) => fileName === 'yarn.lock',
  accepts: (text) => !/^__metadata:/m.test(text),
  isEmpty: (text) => !/^[^\s#]/m.test(text),
  parse(text) {
    const entries: LockedEntry[] = [];
    let open: { patterns: string; line: number; members: Map<string, string> } | undefined;
    const close = (): void => {
      if (open !== undefined) entries.push(...entryOf(open));
    };
    for (const [index, raw] of text.split('\n').entries()) {
      const row = raw.trimEnd();
      if (row === '' || row.startsWith('#')) continue;
      if (!row.startsWith(' ')) {
        close();
        if (!row.endsWith(':')) throw new Error(`line ${index + 1}: expected an entry that ends in a colon`);
        open = { patterns: row.slice(0, -1), line: index + 1, members: new Map() };
        continue;
      }
      const [, key, value] = /^ {2}([a-z]+) (.+)$/.exec(row) ?? [];
      if (key !== undefined && value !== undefined) open?.members.set(key, unquote(value));
    }
    close();
    return entries;
  },
};

function entryOf({
  patterns,
  line,
  members,
}: {
  patterns: string;
  line: number;
  members: ReadonlyMap<string, string>;
}): LockedEntry[] {
  const name = nameOf(unquote(patterns.split(', ')[0] ?? ''));
  const version = members.get('version');
  if (name === undefined || version === undefined) return [];
  const [url = '', fragment = ''] = (members.get('resolved') ?? '').split('#');
  const integrity = readIntegrity(members.get('integrity'));
  const isGit = /^git[+:]|\.git$/.test(url);
  const sha1 = checkedDigest('sha1', fragment);
  const fromUrl = isGit ? commitDigest(fragment) : sha1 === undefined ? [] : [sha1];
  return [
    {
      name,
      version,
      expected: integrity.length > 0 ? integrity : fromUrl,
      ...(/^https?:/.test(url) ? { url } : {}),
      line,
    },
  ];
}

/** `NAME@RANGE`, where the range of an alias (`npm:NAME@RANGE`) names the package that is fetched. */
function nameOf(pattern: string): string | undefined {
  const [, name, range = ''] = /^(@?[^@]+)@(.*)$/.exec(pattern) ?? [];
  return /^npm:(@?[^@]+)@/.exec(range)?.[1] ?? name;
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
