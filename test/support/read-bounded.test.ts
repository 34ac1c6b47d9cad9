import { execFileSync, spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { decodeText, readBounded, tryReadBounded, type Bounds } from '../../src/support/read-bounded.ts';
import { reasonOf } from '../../src/support/reason-of.ts';

const workspace = createWorkspace('read-bounded');
const place = (name: string): string => join(workspace.directory, name);
beforeAll(() => {
  writeFileSync(place('ten'), '0123456789');
  writeFileSync(place('empty'), '');
  writeFileSync(place('large'), Buffer.alloc(200_000, 'x'));
  symlinkSync('ten', place('link'));
  execFileSync('mkfifo', [place('pipe')]);
});
afterAll(() => {
  workspace.remove();
});

function refusal(path: string, bounds: Bounds): string {
  expect(tryReadBounded(path, bounds)).toBeUndefined();
  try {
    readBounded(path, bounds);
  } catch (cause) {
    return reasonOf(cause);
  }
  return 'was read';
}

describe('reads', () => {
  it.each([
    ['a file that is as large as may be', 'ten', 10, '0123456789'],
    ['what a link names', 'link', 10, '0123456789'],
    ['an empty file', 'empty', 10, ''],
    ['nothing of an empty file', 'empty', 0, ''],
    ['a file of several steps', 'large', 200_000, 'x'.repeat(200_000)],
  ])('%s', (_, name, maxBytes, content) => {
    expect(readBounded(place(name), { maxBytes }).toString()).toBe(content);
    expect(tryReadBounded(place(name), { maxBytes })?.toString()).toBe(content);
  });

  it.skipIf(process.platform !== 'linux')('what says that it is empty and is not (needs /proc)', () => {
    expect(readBounded('/proc/self/cmdline', { maxBytes: 100_000 }).toString()).toContain('node');
  });

  it('a pipe to its end where that is wanted', () => {
    spawn('sh', ['-c', '(printf one; printf two) > "$0"', place('pipe')], { stdio: 'ignore' });
    expect(readBounded(place('pipe'), { maxBytes: 6, isPipeRead: true }).toString()).toBe('onetwo');
  });
});

describe('refuses', () => {
  it.each([
    ['missing', 10, 'there is no such file or directory'],
    ['.', 10, 'it is a directory'],
    ['ten/below', 10, 'part of the path is no directory'],
    ['pipe', 10, 'it is no regular file'],
    ['ten', 9, 'it is larger than 9 B'],
    ['large', 64_000, 'it is larger than 64.0 kB'],
  ])('%s of at most %i bytes', (name, maxBytes, reason) => {
    expect(refusal(place(name), { maxBytes })).toBe(reason);
  });

  it('a device, and what has no end even where pipes are read', () => {
    expect(refusal('/dev/zero', { maxBytes: 100_000 })).toBe('it is no regular file');
    expect(refusal('/dev/zero', { maxBytes: 100_000, isPipeRead: true })).toBe('it is larger than 100 kB');
    expect(refusal(workspace.directory, { maxBytes: 10, isPipeRead: true })).toBe('it is a directory');
  });
});

it('decodes UTF-8 and nothing else', () => {
  expect(decodeText(Buffer.from('\ufeffgrün'))).toBe('grün');
  expect(() => decodeText(Buffer.from('grün', 'latin1'))).toThrow('it is no UTF-8 text');
});
