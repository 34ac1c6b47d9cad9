import { describe, expect, it } from 'vitest';
import { createMainCommand } from '../../src/cli/commands.ts';
import { splitArguments } from '../../src/cli/split-arguments.ts';

const split = (...args: string[]) => splitArguments(args, createMainCommand());

describe('the arguments are divided', () => {
  it.each<[title: string, args: string[], own: string[], rest: string[], isExplicit: boolean]>([
    ['at --', ['-q', '--', 'npm', 'ci'], ['-q'], ['npm', 'ci'], true],
    ['at the first --', ['--', 'a', '--', 'b'], [], ['a', '--', 'b'], true],
    ['at --, before which nothing need stand', ['--'], [], [], true],
    ['at a word', ['npm', 'ci', '-q'], [], ['npm', 'ci', '-q'], false],
    ['after options', ['-q', '--verbose', 'npm', 'ci'], ['-q', '--verbose'], ['npm', 'ci'], false],
    ['after the value of an option', ['-o', 'file', 'npm'], ['-o', 'file'], ['npm'], false],
    ['after the value of a long one', ['--output', 'file', 'npm'], ['--output', 'file'], ['npm'], false],
    [
      'after a value that is joined',
      ['--output=file', '-ofile', 'npm'],
      ['--output=file', '-ofile'],
      ['npm'],
      false,
    ],
    ['after letters that are joined', ['-qo', 'file', 'npm'], ['-qo', 'file'], ['npm'], false],
    ['after letters that carry the value', ['-qofile', 'npm'], ['-qofile'], ['npm'], false],
    ['after a value that looks like an option', ['-c', '--', 'x'], ['-c', '--'], ['x'], false],
    ['after a shell line', ['-c', 'npm ci', '-q'], ['-c', 'npm ci', '-q'], [], false],
    ['after a flag, which takes no value', ['--include-local', 'x'], ['--include-local'], ['x'], false],
    ['at a word after an option that nobody knows', ['--polcy', 'x', 'y'], ['--polcy'], ['x', 'y'], false],
    ['at -, which is no option', ['-q', '-'], ['-q'], ['-'], false],
    ['at an empty word', ['-q', '', 'x'], ['-q'], ['', 'x'], false],
    ['though a value is missing', ['-q', '-o'], ['-q', '-o'], [], false],
    ['when there are none', [], [], [], false],
  ])('%s', (_, args, own, rest, isExplicit) => {
    expect(split(...args)).toEqual({ own, rest, isExplicit });
  });

  it('without a loss, whatever they are', () => {
    const words = ['-q', '-o', 'x', '--', '-', '--report', '--report=json', '', '-c', '-qc', '-éo'];
    for (const first of words) {
      for (const second of words) {
        for (const third of words) {
          const args = [first, second, third];
          const { own, rest, isExplicit } = split(...args);
          expect([...own, ...(isExplicit ? ['--'] : []), ...rest]).toEqual(args);
        }
      }
    }
  });
});
