import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { shellFormats, writeVariables, type ShellFormat } from '../../src/cli/shell-formats.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { missingCommand } from '../helpers/registries/commands.ts';

const workspace = createWorkspace('shell-formats');
afterAll(() => workspace.remove());

const formatOf = (id: string): ShellFormat => {
  const format = shellFormats.find((candidate) => candidate.id === id);
  if (format === undefined) throw new Error(id);
  return format;
};

const hostile = {
  A_PLAIN: 'http://127.0.0.1:8080',
  B_EMPTY: '',
  C_BLANKS: ' --require "/a b/preload.cjs" ',
  D_QUOTES: `it's "quoted" \\ and \\' so`,
  E_SHELL: '$(touch was-run) `touch was-run` $HOME ; touch was-run # & | > x',
  F_LINES: 'one\ntwo\n',
  G_UNICODE: 'Größe ‘x’ ’; touch was-run ;',
  H_OPTION: '-n',
};
const print = `for (const name of [...'ABCDEFGH']) {
  const key = Object.keys(process.env).find((each) => each.startsWith(name + '_'));
  console.log(JSON.stringify([key, process.env[key]]));
}
console.log(JSON.stringify(process.env.GONE ?? null));`;
const expected = [...Object.entries(hostile), null].map((each) => `${JSON.stringify(each)}\n`).join('');

describe.each([
  ['sh', 'sh'],
  ['sh', 'bash'],
  ['fish', 'fish'],
])('as %s, %s sets exactly what was meant', (id, shell) => {
  const reason = missingCommand(shell);
  it.skipIf(reason !== undefined)(
    `whatever the values hold${reason === undefined ? '' : ` (${reason})`}`,
    async () => {
      const { text, left } = writeVariables(formatOf(id), hostile, ['GONE']);
      const program = join(workspace.directory, 'print.mjs');
      writeFileSync(program, print);
      const script = join(workspace.directory, `${shell}.script`);
      writeFileSync(script, `${text}${process.execPath} ${program}\n`);
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, GONE: 'not yet' };
      const result = await runCommand([shell, script], { env, cwd: workspace.directory });
      expect(result.stdout.toString(), result.stderr).toBe(expected);
      expect(left).toEqual([]);
    },
  );
});

it('as json it is one object, null for what must go', () => {
  const { text } = writeVariables(formatOf('json'), hostile, ['GONE']);
  expect(JSON.parse(text)).toEqual({ ...hostile, GONE: null });
});

it('as dotenv Node reads what was meant, and what cannot be said is named', async () => {
  const { text, left } = writeVariables(formatOf('dotenv'), hostile, ['GONE']);
  const program = `${workspace.directory}/dotenv.mjs`;
  const names = Object.keys(hostile);
  writeFileSync(
    program,
    `console.log(JSON.stringify(${JSON.stringify(names)}.map((name) => [name, process.env[name]])))`,
  );
  const file = join(workspace.directory, '.env');
  writeFileSync(file, text);
  const { stdout, stderr } = await runCommand([process.execPath, `--env-file=${file}`, program], { env: {} });
  const read = JSON.parse(stdout.toString()) as [keyof typeof hostile, string | undefined][];
  for (const [name, value] of read) {
    if (!left.includes(name)) expect([name, value], stderr).toEqual([name, hostile[name]]);
  }
  expect(left).toEqual(['D_QUOTES', 'GONE']);
  expect(text).toContain('A_PLAIN=http://127.0.0.1:8080\n');
});

it('as github no value ends its own text, and NODE_OPTIONS is left out', () => {
  const format = formatOf('github');
  const { text, left } = writeVariables(format, { F: 'one\nend-0\nEOF', NODE_OPTIONS: '--x' }, ['GONE']);
  const [, end, value] = /^F<<(end-[0-9a-f]{24})\n([^]*)\n\1\n$/.exec(text) ?? [];
  expect(value).toBe('one\nend-0\nEOF');
  expect(writeVariables(format, { F: '' }, []).text).not.toContain(end);
  expect(left).toEqual(['GONE', 'NODE_OPTIONS']);
});

it('as powershell every quote that ends a string is doubled', () => {
  const { text } = writeVariables(formatOf('powershell'), { A: `it's ‘so’ $x \`n` }, ['GONE']);
  expect(text).toBe("$env:A = 'it''s ‘‘so’’ $x `n'\nRemove-Item Env:GONE -ErrorAction SilentlyContinue\n");
});
