import { expect, it } from 'vitest';
import { LineFinder } from '../../src/lockfiles/line-finder.ts';

it('names the lines of what is asked for in order', () => {
  const finder = new LineFinder('a\nb\n\nc d\nb\nlast');
  expect(['a', 'b', 'd', 'b', 'last'].map((needle) => finder.next(needle))).toEqual([1, 2, 4, 5, 6]);
});

it('stays where it is when something is not there', () => {
  const finder = new LineFinder('a\nb\nc');
  expect([finder.next('b'), finder.next('x'), finder.next('c')]).toEqual([2, 2, 3]);
});

/** Read to the end for each of them, these would be a terabyte. */
it.each([
  ['one endless line', (index: number) => `"${index}"`],
  ['names that are nowhere', (index: number) => `"x${index}"`],
])('is not slowed down by %s', (_name, needle) => {
  const count = 300_000;
  const text = Array.from({ length: count }, (_, index) => `"${index}":{}`)
    .join(',')
    .padEnd(4_000_000);
  const finder = new LineFinder(text);
  const lines = Array.from({ length: count }, (_, index) => finder.next(needle(index)));
  expect([...new Set(lines)]).toEqual([1]);
});
