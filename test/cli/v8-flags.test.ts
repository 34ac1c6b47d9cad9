import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { FLAG } from '../../src/cli/v8-flags.ts';

it('the flag for V8 is one that this Node knows', () => {
  const program = `require('node:v8').setFlagsFromString('${FLAG}')`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
