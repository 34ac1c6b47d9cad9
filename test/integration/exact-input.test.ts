import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand, type CommandResult } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('exact-input');
const { directory } = workspace;
const env = { ...process.env, XDG_STATE_HOME: join(directory, 'state') };
const journal = join(directory, 'journal.jsonl');
const product = `'${process.execPath}' '${resolve('bin/proxaudit.js')}' -q -o '${journal}'`;
let scripts = 0;

afterAll(() => {
  workspace.remove();
});

/** Runs a line of a shell whose characters are bytes: no program of Node's could give such arguments. */
function runLine(line: string, cwd = directory): Promise<CommandResult> {
  scripts += 1;
  const script = join(directory, `script-${scripts}`);
  writeFileSync(script, Buffer.from(line, 'latin1'));
  return runCommand(['sh', script], { env, cwd });
}

/** The same line alone, and with `PX` for proxaudit: everything must be the same. */
async function expectSame(line: string): Promise<CommandResult> {
  const bare = await runLine(line.replaceAll('PX ', ''));
  const audited = await runLine(line.replaceAll('PX', `${product} --`));
  expect([audited.code, audited.stdout, audited.stderr]).toEqual([bare.code, bare.stdout, bare.stderr]);
  return audited;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const firstEvent = (): Record<string, unknown> =>
  JSON.parse(readFileSync(journal, 'utf8').split('\n', 1)[0] ?? '') as Record<string, unknown>;

describe.runIf(process.platform === 'linux')('what is not UTF-8 reaches the command as it is', () => {
  it('in arguments, which the journal shows', async () => {
    const { stdout } = await expectSame(
      String.raw`PX printf '%s|' 'caf` + "\xe9' 'it'\\''s \xff\n\x81\x88' ''",
    );
    expect(stdout).toEqual(bytes("caf\xe9|it's \xff\n\x81\x88||"));
    expect(firstEvent()['command']).toEqual([
      'printf',
      '%s|',
      String.raw`caf\xe9`,
      `it's ${String.raw`\xff`}\n${String.raw`\x81\x88`}`,
      '',
    ]);
  });

  it('beside a character that only looks like it, and beside long text', async () => {
    const { stdout } = await expectSame(`PX printf %s '\xef\xbf\xbd' '${'x'.repeat(100_000)}' '\xe9'`);
    expect(stdout.subarray(0, 3)).toEqual(bytes('\xef\xbf\xbd'));
    expect((await expectSame(`PX printf %s '\xef\xbf\xbd'`)).stdout).toEqual(bytes('\xef\xbf\xbd'));
  });

  it('in the name of the program, and of what is not there', async () => {
    writeFileSync(bytes(join(directory, 'pr\xf6gram')), '#!/bin/sh\nprintf "%s" "$0 $*"; exit 3\n', {
      mode: 0o755,
    });
    expect((await expectSame(`PX ./pr\xf6gram \xe9`)).code).toBe(3);
    const { code, stderr } = await runLine(`${product} -- ./n\xf6ne`);
    expect([code, stderr]).toEqual([127, `proxaudit: "./n\\\\xf6ne" does not exist\n`]);
  });

  it('with the same exit status, signals, stdin, descriptors and process group', async () => {
    const group = 'ps -o pgid= -p $$';
    const whole = `cat; cat <&3; [ "$(${group})" = "$1" ] && echo same; exit 7`;
    const { code, stdout } = await expectSame(
      `echo in | PX sh -c '${whole}' \xe9 "$(${group})" 3<<E\nthird\nE`,
    );
    expect([code, stdout.toString()]).toEqual([7, 'in\nthird\nsame\n']);
    expect((await runLine(`${product} -- sh -c 'kill -TERM $$' \xe9`)).code).toBe(143);
    const { stdout: name } = await expectSame(`PX sh -c 'tr "\\0" "|" < /proc/$$/cmdline' \xe9`);
    expect(name.toString('latin1')).toMatch(/^sh\|-c\|.*\|\xe9\|$/);
  });

  it('in variables, and no other variable is there that would not be without them', async () => {
    const list = `sh -c 'tr "\\0" "\\n" < /proc/$$/environ'`;
    const start = `env 'odd-name.x=1' P\xe4TH=\xfc`;
    const with_ = await runLine(`${start} V='a\xe9b' ${product} -- ${list}`);
    const without = await runLine(`env 'odd-name.x=1' V=a ${product} -- ${list}`);
    expect(with_.stdout.toString('latin1')).toContain('\nV=a\xe9b\n');
    expect(with_.stdout.toString('latin1')).toContain('\nP\xe4TH=\xfc\n');
    const names = ({ stdout }: CommandResult): string[] =>
      stdout
        .toString('latin1')
        .split('\n')
        .map((line) => line.split('=', 1)[0] ?? '')
        .sort();
    expect(names(with_).filter((name) => name !== 'P\xe4TH')).toEqual(names(without));
  });

  it('in a line of the shell, and in a script on stdin', async () => {
    expect((await runLine(`${product} -c 'printf %s caf\xe9'`)).stdout).toEqual(bytes('caf\xe9'));
    expect((await runLine(`${product} '-cprintf %s caf\xe9'`)).stdout).toEqual(bytes('caf\xe9'));
    const { stdout } = await runLine(`printf 'printf %%s "caf\\351"\\n' | ${product}`);
    expect(stdout).toEqual(bytes('caf\xe9'));
  });
});

describe.runIf(process.platform === 'linux')('is refused in a sentence, before anything starts', () => {
  it('in our own options', async () => {
    const { code, stdout, stderr } = await runLine(`${product} --baseline b\xe9 -- echo ran`);
    expect([code, stdout.toString(), stderr]).toEqual([
      125,
      '',
      'proxaudit: an option of proxaudit is not UTF-8\n  Give it in UTF-8.\n',
    ]);
  });

  it('in the name of the working directory', async () => {
    mkdirSync(bytes(join(directory, 'd\xe9')));
    const { code, stdout, stderr } = await runLine(`cd d\xe9 && ${product} -- echo ran`);
    expect([code, stdout.toString()]).toEqual([125, '']);
    expect(stderr).toContain('proxaudit: the name of the working directory is not UTF-8\n');
  });
});
