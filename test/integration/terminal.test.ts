import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { executable } from '../helpers/audit-run.ts';
import { createUser } from '../helpers/audited-user.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { keys, runInPty, type PtyScript } from '../helpers/pty.ts';
import { ptyScenarios, sessionScenarios } from '../helpers/pty-scenarios.ts';

const workspace = createWorkspace('terminal');
const user = createUser(workspace.directory, 'user');
// Else the runs of whoever tests would be pruned for those of the scenarios.
const state = `XDG_STATE_HOME=${join(workspace.directory, 'state')}`;
const wrapper = ['env', state, process.execPath, executable];
const ESCAPE = '\u001b';

afterAll(() => {
  workspace.remove();
});

describe('a command in a terminal', () => {
  for (const { title, check } of ptyScenarios) it(title, () => check([...wrapper, '-q']));
});

describe('a session in a terminal', () => {
  for (const { title, check } of sessionScenarios) it(title, () => check([...wrapper, '-q']));
});

describe('the summary', () => {
  const show = (script: Partial<PtyScript>) =>
    runInPty({
      argv: [...wrapper, '--', 'sh', '-c', 'echo first; sleep 0.2; echo last'],
      env: { ...user.env, TERM: 'xterm' },
      steps: [],
      ...script,
    });

  it('stands after all that the command printed, in colour, and as wide as the terminal', async () => {
    const { output } = await show({ columns: 60 });
    expect(output).toMatch(/^first\r\nlast\r\n.*proxaudit/s);
    const whole = await show({ argv: [...wrapper, '--', 'printf', 'no whole line'] });
    expect(whole.output).toMatch(/^no whole line\r\n[^\n]*───[^\n]*proxaudit/);
    expect(output).toContain(`${ESCAPE}[`);
    const lines = output.replaceAll(/\u001b\[[\d;]*m/g, '').split('\r\n');
    expect(lines.some((line) => line.startsWith('───') && line.length === 60)).toBe(true);
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(output.endsWith('\r\n')).toBe(true);
  });

  it.each([
    ['NO_COLOR', { NO_COLOR: '1', TERM: 'xterm' }],
    ['a dumb terminal', { TERM: 'dumb' }],
  ])('has no colour with %s', async (_, additions) => {
    const { output } = await show({ env: { ...user.env, ...additions } });
    expect(output).toContain('proxaudit');
    expect(output).not.toContain(ESCAPE);
  });

  it('has colour when NO_COLOR is empty', async () => {
    expect((await show({ env: { ...user.env, TERM: 'xterm', NO_COLOR: '' } })).output).toContain(ESCAPE);
  });

  it('has no colour in a file, though stdout is the terminal', async () => {
    const file = join(workspace.directory, 'stderr');
    const { output } = await show({ redirect: { 2: file } });
    expect(output).toBe('first\r\nlast\r\n');
    const said = await runInPty({ argv: ['cat', file], steps: [] });
    expect(said.output).toContain('proxaudit');
    expect(said.output).not.toContain(ESCAPE);
  });

  it('is left out by -q and --summary never', async () => {
    for (const option of ['-q', '--summary=never']) {
      const { output } = await show({ argv: [...wrapper, option, '--', 'echo', 'only'] });
      expect(output).toBe('only\r\n');
    }
  });

  it('comes when the command was interrupted', async () => {
    const { output, status } = await show({
      argv: [...wrapper, '--', 'sh', '-c', 'echo ready; exec sleep 60'],
      steps: [{ expect: 'ready' }, { sleep: 0.3 }, { send: keys.interrupt }, { expect: 'proxaudit' }],
    });
    expect(output).toMatch(/SIGINT|signal/);
    expect(status).toBe(130);
  });

  it('cannot be made to obey the command line or the directory', async () => {
    const { output } = await show({
      argv: [...wrapper, '--', 'sh', '-c', ':', `\u001b]0;title\u0007\u001b[2J\u009b31m`],
    });
    expect(output).not.toContain(`${ESCAPE}]0`);
    expect(output).not.toContain(`${ESCAPE}[2J`);
    expect(output).not.toContain('\u009b');
  });

  it('comes when the session is left', async () => {
    const shell = join(workspace.directory, 'shell');
    writeFileSync(shell, '#!/bin/sh\necho in the shell\nexit 3\n', { mode: 0o755 });
    const { output, status } = await show({ argv: wrapper, env: { ...user.env, SHELL: shell } });
    expect(output).toMatch(/^in the shell\r\n.*proxaudit.*exit 3/s);
    expect(status).toBe(3);
  });
});
