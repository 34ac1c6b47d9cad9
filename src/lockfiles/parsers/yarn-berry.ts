// https://yarnpkg.com/configuration/yarnrc (checksumBehavior): the checksum is of the archive in Yarn's own cache.
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import { commitDigest, membersOf, textOf, type LockfileParser } from '../parser.ts';

/** yarn.lock of Yarn 2 and newer. It names what is fetched, yet its checksums are of other bytes. */
export const yarnBerry: LockfileParser = {
  id: 'yarn-berry',
  ecosystem: 'npm',
  matches: (fileName) => fileName === 'yarn.lock',
  accepts: (text) => /^__metadata:/m.test(text),
  syntax: 'yaml',
  parse(text, document) {
    const lines = new LineFinder(text);
    return Object.entries(membersOf(document)).flatMap(([key, value]): LockedEntry[] => {
      if (key === '__metadata') return [];
      const line = lines.next(`"${key}":`);
      const described = membersOf(value);
      const resolution = textOf(described['resolution']) ?? '';
      const [, cloned, id] = /^(@?[^@]+)@.+#(?:.*&)?commit=([0-9a-f]+)(?:&.*)?$/.exec(resolution) ?? [];
      if (cloned !== undefined) return [{ name: cloned, version: null, expected: commitDigest(id), line }];
      const [, name, version] = /^(@?[^@]+)@npm:([^@:]+)$/.exec(resolution) ?? [];
      if (name === undefined || version === undefined) return [];
      const checksum = /^(?:[^/]+\/)?([0-9a-f]{128})$/.exec(textOf(described['checksum']) ?? '')?.[1];
      const expected =
        checksum === undefined ? [] : [{ algorithm: 'sha512' as const, value: checksum, comparable: false }];
      return [{ name, version, expected, line }];
    });
  },
};
