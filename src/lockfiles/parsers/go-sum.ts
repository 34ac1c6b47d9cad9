// https://go.dev/ref/mod#go-sum-files
import type { LockedEntry } from '../../model/artifact.ts';
import type { LockfileParser } from '../parser.ts';

/** go.sum and go.work.sum: the digest of a module's files. Lines about go.mod files lock no code and are left out. */
export const goSum: LockfileParser = {
  id: 'go-sum',
  ecosystem: 'golang',
  matches: (fileName) => fileName === 'go.sum' || fileName === 'go.work.sum',
  parse: (text) =>
    text.split('\n').flatMap((row, index): LockedEntry[] => {
      const [, name, version, value] = /^(\S+) (\S+) h1:([A-Za-z0-9+/]{43}=)\s*$/.exec(row) ?? [];
      if (name === undefined || version === undefined || value === undefined) return [];
      if (version.endsWith('/go.mod')) return [];
      return [{ name, version, expected: [{ algorithm: 'h1', value }], line: index + 1 }];
    }),
};
