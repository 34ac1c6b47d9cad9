import { describe, expect, it } from 'vitest';
import { findInEnvironment, parseProcessStat, splitCommandLine } from '../../src/support/procfs.ts';

const tail = '20 0 1 0 94135 3133440 381 18446744073709551615 1 1 140722 0';

describe('parseProcessStat', () => {
  it('reads the fields after the name', () => {
    expect(
      parseProcessStat(`4822 (cat) R 4766 4765 3051 34816 4765 4194304 97 0 0 0 0 0 0 0 ${tail}`),
    ).toEqual({
      name: 'cat',
      state: 'R',
      parent: 4766,
      group: 4765,
      foregroundGroup: 4765,
      startTime: 94135,
      stackStart: 140722,
    });
  });

  it('lets a name hold what it wants', () => {
    const stat = parseProcessStat(`7 (a) R 1 (b\n) T 5 6 7 0 -1 0 0 0 0 0 0 0 0 0 ${tail}`);
    expect(stat).toMatchObject({ name: 'a) R 1 (b\n', state: 'T', parent: 5, foregroundGroup: -1 });
  });

  it.each(['', '7', '7 (cat', '7 (cat)', '7 (cat) R 1 2 3', ') ('])('finds nothing in %j', (text) => {
    expect(parseProcessStat(text)).toBeUndefined();
  });
});

describe('findInEnvironment', () => {
  const environ = 'A=1\0NAME_MORE=no\0XNAME=no\0NAME=yes=\nit is\0LAST=';

  it.each([
    ['A', '1'],
    ['NAME', 'yes=\nit is'],
    ['LAST', ''],
    ['MISSING', undefined],
    ['AME', undefined],
  ])('%s', (name, value) => {
    expect(findInEnvironment(environ, name)).toBe(value);
  });
});

describe('splitCommandLine', () => {
  it.each([
    ['', []],
    ['sleep\u000060\0', ['sleep', '60']],
    ['sh\0-c\0\0x\0', ['sh', '-c', '', 'x']],
    ['npm ci\0\0\0\0', ['npm ci']],
    ['cut\0off', ['cut', 'off']],
  ])('%j', (text, words) => {
    expect(splitCommandLine(text)).toEqual(words);
  });
});
