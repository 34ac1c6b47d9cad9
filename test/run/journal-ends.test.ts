import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readEnds } from '../../src/run/journal-ends.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('journal-ends');
const file = join(workspace.directory, 'file');
afterAll(() => workspace.remove());

const long = 'x'.repeat(100_000);

it.each<[title: string, text: string, first: string, last: string]>([
  ['nothing', '', '', ''],
  ['one line', 'one\n', 'one', 'one'],
  ['a line without its end', 'one', '', ''],
  ['two lines', 'one\ntwo\n', 'one', 'two'],
  ['a last line that was cut short', 'one\ntwo\nthr', 'one', 'two'],
  ['long lines', `a${long}\nb\nc${long}\n`, `a${long}`, `c${long}`],
  ['much between them', `one\n${'between\n'.repeat(50_000)}two\n`, 'one', 'two'],
  ['an empty last line', 'one\n\n', 'one', ''],
  ['a line that is too long', 'y'.repeat(5_000_000), '', ''],
])('the ends of %s', (_title, text, first, last) => {
  writeFileSync(file, text);
  expect(readEnds(file)).toEqual({ bytes: text.length, first, last });
});

it('is not kept waiting, and takes files only', () => {
  const pipe = join(workspace.directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect([pipe, workspace.directory, join(workspace.directory, 'none')].map(readEnds)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
