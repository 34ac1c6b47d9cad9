import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import type { LockedEntry } from '../../src/model/artifact.ts';
import { recogniseAll } from './feed.ts';

type Expected = LockedEntry['expected'][number];

const bytes = 'the bytes of a file';
const commit = '0123456789abcdef0123456789abcdef01234567';
const right = (algorithm: 'sha256' | 'sha512' | 'sha1'): Expected => ({
  algorithm,
  value: createHash(algorithm).update(bytes).digest('hex'),
});
const wrong = (algorithm: 'sha256' | 'sha512' | 'sha1'): Expected => ({
  algorithm,
  value: createHash(algorithm).update('other').digest('hex'),
});
const lock = (ecosystem: string, entry: Omit<LockedEntry, 'line'>): LoadedLockfile => ({
  ...{ path: 'lock', ecosystem },
  entries: [{ ...entry, line: 1 }],
});
const folder = `https://files.example/packages/ab/cd/${'0'.repeat(60)}`;

async function verdictOf(url: string, lockfile: LoadedLockfile) {
  const artifacts = await recogniseAll([{ url, body: bytes }], [lockfile]);
  return artifacts.map(({ purl, verdict }) => [purl?.replace(/\?.*/, '') ?? null, verdict]);
}

it.each([
  ['1.0', 'x-1.0.0.tar.gz', '1.0.0'],
  ['2020.06.20', 'x-2020.6.20-py3-none-any.whl', '2020.6.20'],
  ['1.0.0-rc.1', 'x-1.0.0rc1-py3-none-any.whl', '1.0.0rc1'],
  ['1.0+CPU', 'x-1.0%2Bcpu-py3-none-any.whl', '1.0%2Bcpu'],
])('version %s of a Python lockfile is that of %s', async (version, file, named) => {
  const locked = lock('pypi', { name: 'x', version, expected: [right('sha256')] });
  expect(await verdictOf(`${folder}/${file}`, locked)).toEqual([[`pkg:pypi/x@${named}`, 'locked']]);
});

it('a file that a locked version does not list is not accounted for', async () => {
  const expected = [{ ...right('sha256'), fileName: 'x-1.0.tar.gz' }];
  const locked = lock('pypi', { name: 'x', version: '1.0', expected });
  expect(await verdictOf(`${folder}/x-1.0.tar.gz`, locked)).toEqual([['pkg:pypi/x@1.0', 'locked']]);
  expect(await verdictOf(`${folder}/x-1.0-py3-none-any.whl`, locked)).toEqual([
    ['pkg:pypi/x@1.0', 'unlocked'],
  ]);
});

it('a source distribution of old name is named by the lockfile that lists it, where registries keep such files', async () => {
  const fileName = 'old-name-1.0-2.tar.gz';
  const expected = [{ ...right('sha256'), fileName }];
  const locked = lock('pypi', { name: 'old-name', version: '1.0.post2', expected });
  expect(await verdictOf(`${folder}/${fileName}`, locked)).toEqual([
    ['pkg:pypi/old-name@1.0.post2', 'locked'],
  ]);
  expect(await verdictOf(`https://files.example/releases/${fileName}`, locked)).toEqual([]);
});

it.each([
  ['all right', [right('sha256'), right('sha1')], 'locked'],
  ['the weak one right', [wrong('sha256'), right('sha1')], 'mismatch'],
  ['the strong one right', [right('sha256'), wrong('sha1')], 'mismatch'],
  ['one of two by an algorithm right', [wrong('sha256'), right('sha256'), right('sha1')], 'locked'],
])('of a file with digests by several algorithms, %s', async (_which, digests, verdict) => {
  const expected = digests.map((digest) => ({ ...digest, fileName: 'lib-1.0.jar' }));
  const locked = lock('maven', { name: 'com.example:lib', version: '1.0', expected });
  const url = 'https://r.example/maven2/com/example/lib/1.0/lib-1.0.jar';
  expect(await verdictOf(url, locked)).toEqual([['pkg:maven/com.example/lib@1.0', verdict]]);
});

it('what is to come from a repository is not accounted for when it comes from a registry', async () => {
  const expected = [{ algorithm: 'gitCommit' as const, value: commit }];
  const locked = lock('npm', { name: 'x', version: '1.0.0', expected });
  expect(await verdictOf('https://r.example/x/-/x-1.0.0.tgz', locked)).toEqual([
    ['pkg:npm/x@1.0.0', 'unlocked'],
  ]);
});
