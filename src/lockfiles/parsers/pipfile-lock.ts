// https://pipenv.pypa.io/en/latest/pipfile.html
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import {
  commitDigest,
  itemsOf,
  membersOf,
  normaliseProject,
  readHexDigest,
  textOf,
  type LockfileParser,
} from '../parser.ts';

/** Pipfile.lock: any digest of a project may be the file's. */
export const pipfileLock: LockfileParser = {
  id: 'pipfile-lock',
  ecosystem: 'pypi',
  matches: (fileName) => fileName === 'Pipfile.lock',
  parse(text) {
    const lines = new LineFinder(text);
    return Object.entries(membersOf(JSON.parse(text))).flatMap(([category, projects]) => {
      if (category === '_meta') return [];
      return Object.entries(membersOf(projects)).flatMap(([name, value]): LockedEntry[] => {
        const line = lines.next(`${JSON.stringify(name)}:`);
        const described = membersOf(value);
        const version = /^===?(.+)$/.exec(textOf(described['version']) ?? '')?.[1]?.trim();
        const expected = itemsOf(described['hashes']).flatMap((hash) => readHexDigest(hash) ?? []);
        const commit = described['git'] === undefined ? [] : commitDigest(described['ref']);
        if (version === undefined && commit.length === 0) return [];
        const entry = { name: normaliseProject(name), version: version ?? null, line };
        return [{ ...entry, expected: [...commit, ...expected] }];
      });
    });
  },
};
