import { describe, expect, it } from 'vitest';
import { holdsFor, readNamedPlaces } from '../../src/support/work-places.ts';

describe('what a command line names', () => {
  it.each([
    [['npm', '--prefix', 'web', 'ci'], ['sub/web'], []],
    [['npm', '--prefix=web', 'ci'], ['sub/web'], []],
    [['pnpm', '-C', '../web', 'install'], ['web'], []],
    [['cargo', 'fetch', '--manifest-path', 'crates/a/Cargo.toml'], ['sub/crates/a'], []],
    [['uv', 'sync', '--directory=/srv/app'], ['/srv/app'], []],
    [['pip', 'install', '-r', 'ci/dev.txt', '-c', '../limits.txt'], [], ['sub/ci/dev.txt', 'limits.txt']],
    [['pip', 'install', '--requirement=dev.txt'], [], ['sub/dev.txt']],
    [['pip', 'install', '-rdev.txt'], [], ['sub/dev.txt']],
    [['uv', 'pip', 'sync', 'deps/requirements.txt'], [], ['sub/deps/requirements.txt']],
    [['docker', 'build', '-f', 'docker/app.Dockerfile', '.'], [], ['sub/docker/app.Dockerfile']],
    [['sh', '-c', 'cd web && npm ci'], [], []],
    [['cp', '-r', 'web', 'other'], [], []],
    [['make', '-C'], [], []],
    [[], [], []],
  ])('%j', (command, directories, files) => {
    expect(readNamedPlaces({ cwd: 'sub', command })).toEqual({ directories, files });
  });

  it("is the shell's that ran it, where the program has written a name over its own", () => {
    const shell = { command: ['sh', '-c', 'npm ci --prefix web'] };
    const named = { directories: ['web'], files: [] };
    expect(readNamedPlaces({ cwd: '.', command: ['npm ci'], parents: [shell] })).toEqual(named);
    expect(readNamedPlaces({ cwd: '.', command: ['npm', 'ci'], parents: [shell] }).directories).toEqual([]);
  });
});

describe('a lockfile with a place holds for', () => {
  const at = (cwd: string | undefined, ...command: string[]) => ({ cwd, command });
  it.each([
    ['who works there', 'web', at('web'), true],
    ['who works below', 'web', at('web/node_modules/a'), true],
    ['nobody above', 'web', at('.'), false],
    ['nobody beside', 'web', at('website'), false],
    ['who is told to work there', 'web', at('.', 'npm', '--prefix', 'web'), true],
    ['who is told of a file in it', 'ci', at('.', 'pip', 'install', '-r', 'ci/dev.txt'), true],
    ['who works there, outside', '/srv/app', at('/srv/app/src'), true],
    ['nobody of another way', '/srv/app', at('.'), false],
    ['nobody whose place is not known', 'web', at(undefined), false],
    ['nobody who is not known', 'web', undefined, false],
  ] as const)('%s', (_who, place, worker, expected) => {
    expect(holdsFor(place, worker)).toBe(expected);
  });

  it('everybody, where it has none', () => {
    expect(holdsFor(undefined, undefined)).toBe(true);
  });
});
