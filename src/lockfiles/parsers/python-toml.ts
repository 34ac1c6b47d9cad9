// https://python-poetry.org/docs/basic-usage, https://docs.astral.sh/uv/concepts/projects/layout,
// https://packaging.python.org/en/latest/specifications/pylock-toml
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import {
  checkedDigest,
  commitDigest,
  itemsOf,
  membersOf,
  normaliseProject,
  readHexDigest,
  textOf,
  type LockfileParser,
  type Members,
} from '../parser.ts';

type Expected = LockedEntry['expected'];

/** poetry.lock and pdm.lock: digests by file. */
export const poetryLock: LockfileParser = {
  id: 'poetry-lock',
  ecosystem: 'pypi',
  matches: (fileName) => fileName === 'poetry.lock' || fileName === 'pdm.lock',
  syntax: 'toml',
  isEmpty,
  parse: (text, toml) =>
    readPackages({ text, toml, table: 'package' }, (described, document) => [
      ...commitOf(membersOf(described['source']), 'resolved_reference'),
      ...(described['git'] === undefined ? [] : commitDigest(described['revision'])),
      ...filesOf(described['files']),
      // Poetry before 1.3 had them all in one table.
      ...filesOf(membersOf(membersOf(document['metadata'])['files'])[textOf(described['name']) ?? '']),
    ]),
};

/** uv.lock: a source distribution and wheels, each with its URL. */
export const uvLock: LockfileParser = {
  id: 'uv-lock',
  ecosystem: 'pypi',
  matches: (fileName) => fileName === 'uv.lock',
  syntax: 'toml',
  isEmpty,
  parse: (text, toml) =>
    readPackages({ text, toml, table: 'package' }, (described) => [
      ...commitDigest(textOf(membersOf(described['source'])['git'])?.split('#')[1]),
      ...[described['sdist'], ...itemsOf(described['wheels'])].flatMap((file) => filesOf([file])),
    ]),
};

/** pylock.toml (PEP 751). */
export const pylock: LockfileParser = {
  id: 'pylock',
  ecosystem: 'pypi',
  matches: (fileName) => /^pylock(?:\.[^.]+)?\.toml$/.test(fileName),
  syntax: 'toml',
  isEmpty,
  parse: (text, toml) =>
    readPackages({ text, toml, table: 'packages' }, (described) => [
      ...commitOf(membersOf(described['vcs']), 'commit-id'),
      ...[described['sdist'], described['archive'], ...itemsOf(described['wheels'])].flatMap(hashesOf),
    ]),
};

/** A project without dependencies has a lockfile that says so. */
function isEmpty(_text: string, toml: unknown): boolean {
  return ['package', 'packages', 'metadata'].every((table) => membersOf(toml)[table] === undefined);
}

function readPackages(
  { text, toml, table }: { text: string; toml: unknown; table: string },
  read: (described: Members, document: Members) => Expected,
): LockedEntry[] {
  const document = membersOf(toml);
  const lines = new LineFinder(text);
  return itemsOf(document[table]).flatMap((value) => {
    const described = membersOf(value);
    const line = lines.next(`[[${table}]]`);
    const name = textOf(described['name']);
    lines.next('name');
    if (name === undefined) return [];
    const expected = read(described, document);
    return [{ name: normaliseProject(name), version: textOf(described['version']) ?? null, expected, line }];
  });
}

function commitOf(source: Members, member: string): Expected {
  return source['type'] === 'git' ? commitDigest(source[member]) : [];
}

function filesOf(files: unknown): Expected {
  return itemsOf(files).flatMap((value) => {
    const { file, url, hash } = membersOf(value);
    const digest = readHexDigest(hash);
    const fileName = textOf(file) ?? lastSegment(textOf(url));
    return digest === undefined ? [] : [{ ...digest, ...(fileName === undefined ? {} : { fileName }) }];
  });
}

function hashesOf(value: unknown): Expected {
  const { name, url, path, hashes } = membersOf(value);
  const fileName = textOf(name) ?? lastSegment(textOf(url) ?? textOf(path));
  return Object.entries(membersOf(hashes)).flatMap(([algorithm, hex]) => {
    const digest = checkedDigest(algorithm.toLowerCase(), hex);
    return digest === undefined ? [] : [{ ...digest, ...(fileName === undefined ? {} : { fileName }) }];
  });
}

function lastSegment(url: string | undefined): string | undefined {
  const segment = url?.split(/[?#]/)[0]?.split('/').at(-1);
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
