// https://github.com/pnpm/spec/tree/master/lockfile
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import {
  commitDigest,
  itemsOf,
  membersOf,
  readIntegrity,
  textOf,
  type LockfileParser,
  type Members,
} from '../parser.ts';

/** pnpm-lock.yaml, versions 5 to 9. */
export const pnpmLock: LockfileParser = {
  id: 'pnpm-lock',
  ecosystem: 'npm',
  matches: (fileName) => fileName === 'pnpm-lock.yaml',
  syntax: 'yaml',
  isEmpty: (_text, document) =>
    itemsOf(document).every((part) =>
      ['importers', 'packages', 'specifiers'].every((name) => membersOf(part)[name] === undefined),
    ),
  parse(text, document) {
    const lines = new LineFinder(text);
    return itemsOf(document).flatMap((part) => {
      lines.next('\npackages:');
      return Object.entries(membersOf(membersOf(part)['packages'])).flatMap(([id, described]) =>
        entryOf(id, membersOf(described), lines.next(id)),
      );
    });
  },
};

function entryOf(id: string, described: Members, line: number): LockedEntry[] {
  const resolution = membersOf(described['resolution']);
  const named = nameOf(id, { name: textOf(described['name']), version: textOf(described['version']) });
  if (named === undefined) return [];
  const tarball = textOf(resolution['tarball']);
  const commit = commitDigest(resolution['commit']);
  const expected = commit.length > 0 ? commit : readIntegrity(resolution['integrity']);
  const url = tarball !== undefined && /^https?:/.test(tarball) ? { url: tarball } : {};
  return [{ ...named, expected, ...url, line }];
}

/** `/NAME/VERSION_PEERS` (5), `/NAME@VERSION(PEERS)` (6), `NAME@VERSION` (9); what comes of elsewhere names itself. */
function nameOf(
  id: string,
  own: { name: string | undefined; version: string | undefined },
): { name: string; version: string | null } | undefined {
  if (own.name !== undefined) return { name: own.name, version: own.version ?? null };
  const [bare = ''] = id.replace(/^\//, '').split('(', 1);
  const [, name, version] =
    /^((?:@[^/@]+\/)?[^/@]+)[/@](\d[^/@_]*)(?:_.*)?$/.exec(bare) ??
    /^((?:@[^/@]+\/)?[^/@]+)@(.+)$/.exec(bare) ??
    [];
  if (name === undefined || version === undefined) return undefined;
  return { name, version: /^\d/.test(version) ? version : null };
}
