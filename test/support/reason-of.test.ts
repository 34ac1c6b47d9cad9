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

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: told by the system`), { code });
}

it.each([
  [reading('missing/file'), 'there is no such file or directory'],
  [reading('test'), 'it is a directory'],
  [reading('package.json/x'), 'part of the path is no directory'],
  [systemError('ENOSPC'), 'no space is left on the device'],
  [systemError('EADDRINUSE'), 'another program listens there'],
  [systemError('EODD'), 'EODD: told by the system'],
  [new Error('it is larger than 64 MB'), 'it is larger than 64 MB'],
  ['odd', 'odd'],
])('%s', (cause, reason) => {
  expect(reasonOf(cause)).toBe(reason);
});
