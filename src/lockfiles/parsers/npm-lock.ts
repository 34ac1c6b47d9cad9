// https://docs.npmjs.com/cli/configuring-npm/package-lock-json
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import {
  commitDigest,
  fragmentOf,
  membersOf,
  readIntegrity,
  textOf,
  type LockfileParser,
  type Members,
} from '../parser.ts';

const MAX_DEPTH = 100;

/** package-lock.json and npm-shrinkwrap.json, versions 1 to 3. */
export const npmLock: LockfileParser = {
  id: 'npm-lock',
  ecosystem: 'npm',
  matches: (fileName) => fileName === 'package-lock.json' || fileName === 'npm-shrinkwrap.json',
  isEmpty(text) {
    const { packages, dependencies } = membersOf(JSON.parse(text));
    return [packages, dependencies].every((one) => Object.keys(membersOf(one)).length === 0);
  },
  parse(text) {
    const document = membersOf(JSON.parse(text));
    const lines = new LineFinder(text);
    return document['packages'] === undefined
      ? readTree(membersOf(document['dependencies']), lines, 0)
      : Object.entries(membersOf(document['packages'])).flatMap(([path, described]) =>
          readPackage(path, membersOf(described), lines),
        );
  },
};

/** Version 2 and 3: a flat map by place on disk. */
function readPackage(path: string, described: Members, lines: LineFinder): LockedEntry[] {
  const line = lines.next(`${JSON.stringify(path)}:`);
  const nested = path.lastIndexOf('node_modules/');
  // The root, a workspace, a link, or what came inside another package: nothing is fetched for it.
  if (nested < 0 || described['link'] === true || described['inBundle'] === true) return [];
  const name = textOf(described['name']) ?? path.slice(nested + 'node_modules/'.length);
  return entryOf(name, described, line);
}

/** Version 1: a tree. */
function readTree(dependencies: Members, lines: LineFinder, depth: number): LockedEntry[] {
  if (depth > MAX_DEPTH) return [];
  return Object.entries(dependencies).flatMap(([name, value]) => {
    const described = membersOf(value);
    const line = lines.next(`${JSON.stringify(name)}:`);
    const own = described['bundled'] === true ? [] : entryOf(aliased(name, described), described, line);
    return [...own, ...readTree(membersOf(described['dependencies']), lines, depth + 1)];
  });
}

/** `npm:NAME@VERSION` where a package is installed under another name. */
function aliased(name: string, described: Members): string {
  return /^npm:(.+)@[^@]+$/.exec(textOf(described['version']) ?? '')?.[1] ?? name;
}

function entryOf(name: string, described: Members, line: number): LockedEntry[] {
  const version = textOf(described['version'])?.replace(/^npm:.+@/, '');
  const resolved = textOf(described['resolved']);
  if (version === undefined && resolved === undefined) return [];
  const url = resolved ?? version ?? '';
  const commit = /^git[+:@a-z]/.test(url) ? commitDigest(fragmentOf(url)) : [];
  const expected = commit.length > 0 ? commit : readIntegrity(described['integrity']);
  const isPlain = /^\d/.test(version ?? '');
  return [
    {
      name,
      version: isPlain ? (version ?? null) : null,
      expected,
      ...(/^https?:/.test(url) ? { url } : {}),
      line,
    },
  ];
}
