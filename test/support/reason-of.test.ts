import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reasonOf } from '../../src/support/reason-of.ts';

function reading(path: string): unknown {
  try {
    return readFileSync(path);
  } catch (error) {
    return error;
  }
}

it.each([
  [reading('missing/file'), 'there is no such file or directory'],
  [reading('test'), 'it is a directory'],
  [reading('package.json/x'), 'part of the path is no directory'],
  [new Error('it is larger than 64 MB'), 'it is larger than 64 MB'],
  ['odd', 'odd'],
])('%s', (cause, reason) => {
  expect(reasonOf(cause)).toBe(reason);
});
