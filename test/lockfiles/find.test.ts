import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLockfiles, leadsOutside } from '../../src/lockfiles/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'proxaudit-find-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Empty files, or those with a text. */
function write(...files: (string | readonly [string, string])[]): void {
  for (const [file, text] of files.map(
    (one) => (typeof one === 'string' ? [one, ''] : one) as [string, string],
  )) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** Below the test's root: above it there may be anything. */
const below = (paths: readonly string[]): string[] =>
  paths.map((path) => relative(root, path)).filter((path) => !path.startsWith('..'));

async function find(directory: string, variables: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { files } = await findLockfiles(join(root, directory), variables);
  return below(files.map(({ path }) => path)).sort();
}

const asideOf = async (directory: string): Promise<string[]> =>
  below((await findLockfiles(join(root, directory), {})).aside);

it('finds all lockfiles of a directory, by name, and nothing else', async () => {
  write('go.sum', 'package-lock.json', 'notes.txt', 'gradle/verification-metadata.xml', 'web/yarn.lock');
  mkdirSync(join(root, 'Cargo.lock'));
  expect(await find('.')).toEqual(['go.sum', 'gradle/verification-metadata.xml', 'package-lock.json']);
  const { files } = await findLockfiles(root, {});
  expect(new Set(files.map(({ place }) => place))).toEqual(new Set([root]));
});

const workspaces = (...patterns: string[]): string => JSON.stringify({ workspaces: patterns });

describe.each([true, false])('from a folder below, in a repository: %s', (isRepository) => {
  beforeEach(() => {
    if (isRepository) write('.git/HEAD');
  });

  it.each<[title: string, from: string, files: (string | [string, string])[], expected: string[]]>([
    [
      'npm, in a folder of the package',
      'a/src',
      ['a/package.json', 'a/package-lock.json'],
      ['a/package-lock.json'],
    ],
    ['npm, beside another package', 'a', ['a/package.json', 'package.json', 'package-lock.json'], []],
    [
      'npm, in a workspace',
      'packages/a/src',
      [['package.json', workspaces('packages/*')], 'package-lock.json', 'packages/a/package.json'],
      ['package-lock.json'],
    ],
    [
      'npm, in a workspace by its object form',
      'deep/er/a',
      [
        ['package.json', JSON.stringify({ workspaces: { packages: ['./deep/**', '!deep/no'] } })],
        ...['npm-shrinkwrap.json', 'deep/er/a/package.json'],
      ],
      ['npm-shrinkwrap.json'],
    ],
    [
      'npm, in what the workspace leaves out',
      'deep/no',
      [['package.json', workspaces('deep/**', '!deep/no')], 'package-lock.json', 'deep/no/package.json'],
      [],
    ],
    [
      'pnpm, in a workspace',
      'a',
      ['pnpm-workspace.yaml', 'pnpm-lock.yaml', 'a/package.json'],
      ['pnpm-lock.yaml'],
    ],
    ['pnpm, in a folder of the package', 'src', ['package.json', 'pnpm-lock.yaml'], ['pnpm-lock.yaml']],
    [
      'Yarn, in a workspace',
      'a',
      [['package.json', workspaces('{a,b}')], 'yarn.lock', 'a/package.json'],
      ['yarn.lock'],
    ],
    [
      'Bun, in a workspace',
      'a',
      [['package.json', workspaces('a')], 'bun.lock', 'a/package.json'],
      ['bun.lock'],
    ],
    [
      'Cargo, in a workspace',
      'crates/a/src',
      [['Cargo.toml', '[workspace]\nmembers = ["crates/*"]'], 'Cargo.lock', 'crates/a/Cargo.toml'],
      ['Cargo.lock'],
    ],
    [
      'Cargo, excluded from the workspace',
      'fuzz/a',
      [['Cargo.toml', '[package]\n[workspace]\nexclude = ["fuzz"]'], 'Cargo.lock', 'fuzz/a/Cargo.toml'],
      [],
    ],
    [
      'Cargo, a member of a workspace that it names',
      'far/a',
      [
        ['near/Cargo.toml', '[workspace]'],
        'near/Cargo.lock',
        ['far/a/Cargo.toml', '[package]\nworkspace = "../../near"'],
      ],
      ['near/Cargo.lock'],
    ],
    ['Cargo, beside another package', 'a', ['Cargo.toml', 'Cargo.lock', 'a/Cargo.toml'], []],
    [
      'uv, in a workspace',
      'libs/a',
      [
        ['pyproject.toml', '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/b"]'],
        'uv.lock',
        'libs/a/pyproject.toml',
      ],
      ['uv.lock'],
    ],
    [
      'uv, excluded from the workspace',
      'libs/b',
      [
        ['pyproject.toml', '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/b"]'],
        'uv.lock',
        'libs/b/pyproject.toml',
      ],
      [],
    ],
    [
      'Poetry, PDM and uv, in a folder of the project',
      'src/a',
      ['pyproject.toml', 'poetry.lock', 'pdm.lock', 'uv.lock'],
      ['pdm.lock', 'poetry.lock', 'uv.lock'],
    ],
    ['Pipenv, in a folder of the project', 'src', ['Pipfile', 'Pipfile.lock'], ['Pipfile.lock']],
    ['pip, which looks for none', 'src', ['requirements.txt'], []],
    [
      'Gradle, in a project of the build',
      'a/b',
      ['settings.gradle.kts', 'gradle/verification-metadata.xml'],
      ['gradle/verification-metadata.xml'],
    ],
    ['Go, in a folder of the module', 'cmd/x', ['go.mod', 'go.sum'], ['go.sum']],
    [
      'Go, in a member of a workspace',
      'a/cmd',
      [
        ['go.work', 'go 1.22\n\nuse ./a // the first\nuse (\n\t"./b"\n\t`./none`\n)\nreplace x => ./d\n'],
        ...['go.work.sum', 'a/go.mod', 'a/go.sum', 'b/go.sum', 'c/go.sum', 'd/go.sum'],
      ],
      ['a/go.sum', 'b/go.sum', 'go.work.sum'],
    ],
  ])('%s', async (_title, from, files, expected) => {
    mkdirSync(join(root, from), { recursive: true });
    write(...files);
    expect(await find(from)).toEqual(expected);
  });
});

it('asks GOWORK first', async () => {
  write(
    'go.work',
    ['other/my.work', 'use ./b'],
    'other/my.work.sum',
    'other/b/go.sum',
    'a/go.mod',
    'a/go.sum',
  );
  expect(await find('a', { GOWORK: 'off' })).toEqual(['a/go.sum']);
  expect(await find('a', { GOWORK: join(root, 'other/my.work') })).toEqual([
    'a/go.sum',
    'other/b/go.sum',
    'other/my.work.sum',
  ]);
});

it('tells which ones it left aside, up to the root of the repository', async () => {
  write(
    'yarn.lock',
    'r/.git/HEAD',
    'r/package-lock.json',
    'r/Cargo.lock',
    'r/a/package.json',
    'r/a/Cargo.lock',
  );
  expect([await find('r/a'), await asideOf('r/a')]).toEqual([['r/a/Cargo.lock'], ['r/package-lock.json']]);
  expect(await asideOf('r/a/src')).toContain('r/package-lock.json');
});

it('finds links, also those that lead nowhere or in a circle, and tells of those that lead out of the repository', async () => {
  write('r/.git/HEAD', 'r/locks/a', 'out');
  mkdirSync(join(root, 'r/folder'));
  const links = {
    'package-lock.json': 'locks/a',
    'yarn.lock': 'none',
    'Cargo.lock': 'Cargo.lock',
    'go.sum': '../out',
    'uv.lock': 'folder',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, 'r', name));
  expect(await find('r')).toEqual(['r/Cargo.lock', 'r/go.sum', 'r/package-lock.json', 'r/yarn.lock']);
  const about = (name: string) => leadsOutside(join(root, 'r', name));
  expect(['package-lock.json', 'yarn.lock', 'Cargo.lock'].map(about)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(relative(realpathSync(root), about('go.sum') ?? '')).toBe('out');
});
