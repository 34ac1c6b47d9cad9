import { expect, it } from 'vitest';
import { normalisePythonVersion } from '../../src/support/python-version.ts';

it.each([
  ['1', '1.0', '1.0.0', 'v1', ' 1.0 '],
  ['2020.6.20', '2020.06.20', '02020.06.20.0'],
  ['1.0a1', '1.0.alpha-1', '1.0-A01', '1a1'],
  ['1.0rc1', '1.0c1', '1.0-pre1', '1.0preview_1'],
  ['1.0.post0', '1.0.post', '1.0-r', '1.0rev'],
  ['1.0.post2', '1.0-2', '1.0_post2'],
  ['1.0b2.post345.dev456', '1.0beta2-345-dev456'],
  ['1!2.0', '01!2', '1!2.0.0'],
  ['1.0+ubuntu.1', '1.0+Ubuntu-01', '1+ubuntu_1'],
  ['0', '0.0', '0!0'],
])('%s is the same version as %s', (...versions) => {
  expect(new Set(versions.map(normalisePythonVersion)).size).toBe(1);
});

it('tells versions apart, and leaves alone what is none', () => {
  const versions = ['1.0', '1.0.1', '10', '1.0a0', '1.0.dev0', '1.0.post0', '1!1.0', '1.0+local', '1.0.10'];
  expect(new Set(versions.map(normalisePythonVersion)).size).toBe(versions.length);
  expect(['', '2004b-x', 'latest', `1.${'0'.repeat(100_000)}x`].map(normalisePythonVersion)).toEqual([
    ...['', '2004b-x', 'latest', `1.${'0'.repeat(100_000)}x`],
  ]);
});
