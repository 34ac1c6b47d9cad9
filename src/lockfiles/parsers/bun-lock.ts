// https://bun.com/docs/pm/lockfile, https://bun.com/docs/pm/lockfile#text-based-lockfile
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import {
  commitDigest,
  fragmentOf,
  itemsOf,
  membersOf,
  readIntegrity,
  textOf,
  type LockfileParser,
} from '../parser.ts';

/** bun.lock: JSON with commas before closing brackets. Its older form, bun.lockb, is binary. */
export const bunLock: LockfileParser = {
  id: 'bun-lock',
  ecosystem: 'npm',
  matches: (fileName) => fileName === 'bun.lock',
  parse(text) {
    const document = membersOf(JSON.parse(withoutTrailingCommas(text)));
    const lines = new LineFinder(text);
    lines.next('\n  "packages":');
    return Object.entries(membersOf(document['packages'])).flatMap(([place, described]) =>
      entryOf(itemsOf(described), lines.next(`${JSON.stringify(place)}:`)),
    );
  },
};

function withoutTrailingCommas(text: string): string {
  return text.replace(/("(?:[^"\\]|\\[^])*"?)|,(?=\s*[}\]])/g, (_, quoted?: string) => quoted ?? '');
}

/** What it is first, `NAME@VERSION` or `NAME@URL`; of a registry's package where it is and its digest too. */
function entryOf(described: readonly unknown[], line: number): LockedEntry[] {
  const [, name, from = ''] = /^(@?[^@]+)@(.+)$/.exec(textOf(described[0]) ?? '') ?? [];
  if (name === undefined) return [];
  const digests = described.slice(1).flatMap((item) => readIntegrity(item));
  if (/^\d/.test(from)) {
    const tarball = textOf(described[1]) ?? '';
    const url = /^https?:.*\.tgz$/.test(tarball) ? { url: tarball } : {};
    return [{ name, version: from, expected: digests, ...url, line }];
  }
  if (/^git[+:@]|^github:/.test(from)) {
    return [{ name, version: null, expected: commitDigest(fragmentOf(from)), line }];
  }
  return /^https?:/.test(from) ? [{ name, version: null, expected: digests, url: from, line }] : [];
}
