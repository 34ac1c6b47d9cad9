import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDirectory } from '../../src/support/make-directory.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'proxaudit-make-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

it('makes all that is missing, and leaves what is there', () => {
  const directory = join(root, 'a', 'b', 'c');
  makeDirectory(directory, 0o700);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  makeDirectory(directory, 0o755);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

it('tells of a file in its way', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => {
    makeDirectory(join(root, 'file'));
  }).toThrow('EEXIST');
  expect(() => {
    makeDirectory(join(root, 'file', 'below', 'it'));
  }).toThrow('ENOTDIR');
});

it.skipIf(!existsSync('/proc/self'))('ends where nothing can be made (needs /proc)', () => {
  expect(() => {
    makeDirectory('/proc/proxaudit/below');
  }).toThrow('ENOENT');
});
