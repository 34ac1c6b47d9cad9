import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findNearestLockfiles } from '../../src/lockfiles/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'proxaudit-find-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(...files: string[]): void {
  for (const file of files.map((one) => join(root, one))) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
}

function find(directory: string, top?: string): [string, readonly string[]] {
  const found = findNearestLockfiles(join(root, directory), top === undefined ? undefined : join(root, top));
  return [relative(root, found.directory), found.names];
}

it('finds all lockfiles of a directory, by name, and nothing else', () => {
  write('go.sum', 'package-lock.json', 'notes.txt', 'gradle/verification-metadata.xml', 'web/yarn.lock');
  mkdirSync(join(root, 'Cargo.lock'));
  expect(find('.')).toEqual(['', ['go.sum', 'gradle/verification-metadata.xml', 'package-lock.json']]);
});

it('finds those of the modules of a Go workspace', () => {
  write('go.work.sum', 'a/go.sum', 'b/go.sum', 'c/go.sum', 'd/go.sum');
  writeFileSync(
    join(root, 'go.work'),
    'go 1.22\n\nuse ./a // the first\nuse (\n\t"./b"\n\t`./none`\n)\nreplace x => ./d\n',
  );
  expect(find('.')).toEqual(['', ['a/go.sum', 'b/go.sum', 'go.work.sum']]);
});

it('finds the nearest ones above, in the same repository', () => {
  write('Cargo.lock', '.git/HEAD', 'crates/a/Cargo.toml', 'crates/b/Cargo.lock');
  expect(find('crates/a')).toEqual(['', ['Cargo.lock']]);
  expect(find('crates/b')).toEqual(['crates/b', ['Cargo.lock']]);
});

it('goes no further up than the repository, or the directory that it is told', () => {
  write('package-lock.json', 'repository/.git/HEAD', 'repository/web/package.json', 'run/web/package.json');
  expect(find('repository/web')).toEqual(['repository/web', []]);
  expect(find('run/web', 'run')).toEqual(['run/web', []]);
});

it('stays where it is outside of both', () => {
  write('package-lock.json', 'web/package.json');
  expect(find('web')).toEqual(['web', []]);
});
