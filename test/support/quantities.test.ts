import { expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '../../src/support/quantities.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [1_234, '1.2 kB'],
  [99_940, '99.9 kB'],
  [99_960, '100 kB'],
  [999_400, '999 kB'],
  [999_600, '1.0 MB'],
  [1e9, '1.0 GB'],
  [5.5e12, '5.5 TB'],
  [1e21, '1000000 PB'],
])('%d bytes are %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [12_345, '12.3 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [192_000, '3 min 12 s'],
  [7_500_000, '2 h 5 min'],
])('%d milliseconds are %s', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

it('groups digits and counts nouns', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(formatQuantity(1, 'host')).toBe('1 host');
  expect(formatQuantity(1_000, 'host')).toBe('1,000 hosts');
});
