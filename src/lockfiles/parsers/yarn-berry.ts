// https://yarnpkg.com/configuration/yarnrc (checksumBehavior): the checksum is of the archive in Yarn's own cache.
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import {
  commitDigest,
  fragmentOf,
  itemsOf,
  membersOf,
  textOf,
  type LockfileParser,
  type Members,
} from '../parser.ts';

/** yarn.lock of Yarn 2 and newer. It names what is fetched, yet its checksums are of other bytes. */
export const yarnBerry: LockfileParser = {
  id: 'yarn-berry',
  ecosystem: 'npm',
  matches: (fileName) => fileName === 'yarn.lock',
  accepts: (text) => /^__metadata:/m.test(text),
  syntax: 'yaml',
  isEmpty: (_text, document) =>
    Object.keys(membersOf(itemsOf(document)[0])).every((key) => key === '__metadata'),
  parse(text, document) {
    const lines = new LineFinder(text);
    return Object.entries(membersOf(itemsOf(document)[0])).flatMap(([key, value]): LockedEntry[] => {
      if (key === '__metadata') return [];
      const line = lines.next(`"${key}":`);
      const described = membersOf(value);
      const resolution = textOf(described['resolution']) ?? '';
      const linked = linkedEntry(resolution, described, line);
      if (linked !== undefined) return [linked];
      const [, name, version, more = ''] = /^(@?[^@]+)@npm:([^@:]+)(?:::(.*))?$/.exec(resolution) ?? [];
      if (name === undefined || version === undefined) return [];
      return [{ name, version, expected: checksumOf(described), ...archiveOf(more), line }];
    });
  },
};

/** Of a commit, or of an archive that lies at a URL. */
function linkedEntry(resolution: string, described: Members, line: number): LockedEntry | undefined {
  const [, name, locator = ''] = /^(@?[^@]+)@(.+)$/.exec(resolution) ?? [];
  if (name === undefined) return undefined;
  const commit = new URLSearchParams(fragmentOf(locator) ?? '').get('commit');
  if (commit !== null && /^[0-9a-f]+$/.test(commit)) {
    return { name, version: null, expected: commitDigest(commit), line };
  }
  if (!/^https?:/.test(locator)) return undefined;
  const [url = ''] = locator.split(/#|::/, 1);
  return { name, version: null, expected: checksumOf(described), url, line };
}

function checksumOf(described: Members): LockedEntry['expected'] {
  const checksum = /^(?:[^/]+\/)?([0-9a-f]{128})$/.exec(textOf(described['checksum']) ?? '')?.[1];
  return checksum === undefined ? [] : [{ algorithm: 'sha512', value: checksum, comparable: false }];
}

/** Where a registry has an archive elsewhere than at its usual place, the parameters of its locator say so. */
function archiveOf(parameters: string): { url?: string } {
  const url = new URLSearchParams(parameters).get('__archiveUrl') ?? '';
  return /^https?:/.test(url) ? { url } : {};
}
