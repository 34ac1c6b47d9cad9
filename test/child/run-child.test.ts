import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitStatus } from '../../src/child/exit-status.ts';
import { startChild } from '../../src/child/run-child.ts';
import type { Signals } from '../../src/child/signals.ts';
import { useChildDriver } from '../helpers/child-driver.ts';
import { runProgram, type ProgramOptions } from '../helpers/run-program.ts';

const driver = useChildDriver();
const program = (name: string): string => path.resolve('test/fixtures/programs', name);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proxaudit-child-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** For children that no signal is meant for. */
const signals: Signals = {
  onEnd: () => () => undefined,
  hurry: new AbortController().signal,
  attach: () => undefined,
  detach: () => undefined,
};

/** Runs a command bare and wrapped, and expects the same of both. */
async function expectSame(command: readonly string[], options: ProgramOptions = {}) {
  const bare = await runProgram(command, options);
  const wrapped = await runProgram([...driver(), '--', ...command], options);
  expect([wrapped.status, wrapped.signal]).toEqual([bare.status, bare.signal]);
  // Comparing element by element would take half a minute for some.
  expect(wrapped.stdout.equals(bare.stdout)).toBe(true);
  expect(wrapped.stderr.equals(bare.stderr)).toBe(true);
  return wrapped;
}

async function script(name: string, text: string, mode = 0o755): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

describe('exit status', () => {
  it('is the code of the command, for every code', async () => {
    for (let code = 0; code <= 255; code++) {
      const launch = {
        command: 'sh',
        args: ['-c', `exit ${code}`],
        env: process.env,
        cwd: directory,
        directory,
      };
      expect(exitStatus(await startChild(launch, signals).exited)).toBe(code);
    }
  });

  it.each([0, 1, 2, 120, 125, 126, 127, 128, 130, 254, 255])('%i of the command is ours', async (code) => {
    await expectSame(['sh', '-c', `exit ${code}`]);
  });

  it.each([
    ['HUP', 129],
    ['INT', 130],
    ['KILL', 137],
    ['SEGV', 139],
    ['TERM', 143],
    ['USR1', 138],
    ['ABRT', 134],
    ['XCPU', 152],
  ])('is 128+n for a command killed by SIG%s', async (signal, status) => {
    const { status: wrapped } = await runProgram([
      ...driver(),
      '--',
      'sh',
      '-c',
      `kill -${signal} $$; sleep 5`,
    ]);
    expect(wrapped).toBe(status);
  });

  it('tells that the reader of a pipe went away', async () => {
    const line = `'${driver().join(`' '`)}' -- yes; echo "status $?" >&2`;
    const { stdout, stderr } = await runProgram(['sh', '-c', `(${line}) | head -n 2`]);
    expect(stdout.toString()).toBe('y\ny\n');
    expect(stderr.toString()).toBe('status 141\n');
  });

  it('is that of timeout when it runs us', async () => {
    const { status } = await runProgram(['timeout', '1', ...driver(), '--', 'sleep', '60']);
    expect(status).toBe(124);
  });

  it('is that of timeout when we run it', async () => {
    const { status } = await runProgram([...driver(), '--', 'timeout', '0.2', 'sleep', '60']);
    expect(status).toBe(124);
  });
});

describe('a command that cannot be started', () => {
  const cases: [string, () => Promise<string> | string, number, RegExp][] = [
    ['an unknown name', () => 'no-such-program-here', 127, /no-such-program-here was not found in PATH/],
    ['a missing path', () => `${directory}/no/such/program`, 127, /does not exist/],
    ['an empty name', () => '', 127, /"" was not found/],
    ['a directory', () => directory, 126, /is a directory/],
    ['a file that is not executable', () => script('plain', 'echo hi\n', 0o644), 126, /not executable/],
    ['a file below a file', () => '/dev/null/program', 126, /could not be executed \(ENOTDIR\)/],
    [
      'a missing interpreter',
      () => script('lost', `#!${directory}/missing -x\n`),
      127,
      /interpreter \S+\/missing does not exist/,
    ],
    [
      'Windows line ends',
      () => script('crlf', '#!/bin/sh\r\necho hi\r\n'),
      127,
      /"\/bin\/sh\\r" .*Windows line ends/,
    ],
    ['control characters', () => './a\u001b[2Jb', 127, /"\.\/a\\u001b\[2Jb" does not exist/],
  ];
  it.each(cases)('%s', async (_, command, status, message) => {
    const name = await command();
    const wrapped = await runProgram([...driver(), '--', name]);
    expect(wrapped.stderr.toString()).toMatch(message);
    expect(wrapped.status).toBe(status);
    // The status that `env` gives.
    const { status: expected } = await runProgram(['env', '--', name]);
    if (name !== '') expect(wrapped.status).toBe(expected);
  });

  it('says when arguments and environment are too long', async () => {
    const { status, stderr } = await runProgram([...driver(), '--grow', '40000000', '--', 'true']);
    expect(stderr.toString()).toBe('driver: true: the arguments and the environment are too long\n');
    expect(status).toBe(126);
  });

  it('blames the working directory, not the command', async () => {
    const missing = path.join(directory, 'no', 'such', 'place');
    const { status, stderr } = await runProgram([...driver(), '--cwd', missing, '--', 'true']);
    expect(stderr.toString()).toBe(
      `driver: cannot-start: The working directory ${missing} cannot be entered.\n`,
    );
    expect(status).toBe(125);
  });

  it('looks the name up in the PATH of the child', async () => {
    await script('only-here', '#!/bin/sh\necho found\n');
    const env = { PATH: `${directory}/missing:${directory}` };
    const { stdout } = await expectSame(['only-here'], {
      env: { ...env, PATH: `${env.PATH}:/usr/bin:/bin` },
    });
    expect(stdout.toString()).toBe('found\n');
  });

  it('has a script without a first line run by sh, as env does', async () => {
    const file = await script('bare', 'echo "plain $1"; exit 6\n');
    const env = await runProgram(['env', file, 'a b']);
    expect(await runProgram([...driver(), '--', file, 'a b'])).toEqual(env);
    expect(env.stdout.toString()).toBe('plain a b\n');
    expect(env.status).toBe(6);
  });
});

describe('arguments and environment', () => {
  const odd = [
    '',
    ' ',
    'a b',
    'line\nbreak',
    '*',
    '$HOME',
    '`id`',
    `it's "quoted"`,
    '\\',
    '--',
    '-x',
    'ünïcödé 🐟',
    '\t',
    '%s',
  ];

  it('reach the command as they are', async () => {
    const { stdout } = await expectSame(['python3', program('show-arguments.py'), ...odd]);
    expect(JSON.parse(stdout.toString())).toEqual(odd);
  });

  it('are complete and nothing is added', async () => {
    const env = {
      PATH: process.env['PATH'],
      EMPTY: '',
      'with space': 'x y',
      NEWLINE: 'a\nb',
      BIG: 'b'.repeat(100_000),
    };
    const { stdout } = await expectSame(['env', '-0'], { env });
    const entries = stdout.toString().split('\0').slice(0, -1);
    expect(entries.sort()).toEqual(
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  });

  it('are not mixed with our own', async () => {
    const args = ['-c', 'test "$PATH" = /usr/bin:/bin && test -z "${HOME+set}"'];
    const launch = { command: 'sh', args, env: { PATH: '/usr/bin:/bin' }, cwd: directory, directory };
    expect(process.env['HOME']).toBeDefined();
    expect(await startChild(launch, signals).exited).toEqual({ kind: 'code', code: 0 });
  });

  it('may be large', async () => {
    const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };
    for (let index = 0; index < 2_000; index++) env[`VARIABLE_${index}`] = 'v'.repeat(300);
    const { stdout } = await expectSame(['env', '-0'], { env });
    expect(stdout.toString().split('\0').slice(0, -1)).toHaveLength(2_001);
  });

  it('let the program go by another name', async () => {
    const { stdout } = await runProgram([
      ...driver(),
      '--argv0',
      'other',
      '--',
      'sh',
      '-c',
      'tr "\\0" " " </proc/$$/cmdline',
    ]);
    expect(stdout.toString()).toMatch(/^other -c/);
  });
});

describe('standard streams', () => {
  it('carry stdin byte by byte', async () => {
    const input = randomBytes(5_000_000);
    const { stdout } = await expectSame(['sha256sum'], { input });
    expect(stdout.toString()).toContain(createHash('sha256').update(input).digest('hex'));
  });

  it('leave what the command did not read', async () => {
    const line = (first: string) =>
      `printf 'one\\ntwo\\nthree\\n' | (${first} sh -c 'read -r x; echo "got $x"'; cat)`;
    const wrapped = await runProgram(['sh', '-c', line(`'${driver().join(`' '`)}' --`)]);
    expect(wrapped).toEqual(await runProgram(['sh', '-c', line('')]));
    expect(wrapped.stdout.toString()).toBe('got one\ntwo\nthree\n');
  });

  it('carry stdout and stderr apart and byte by byte', async () => {
    const { stdout, stderr } = await expectSame(['python3', program('split-bytes.py'), '7', '3000000']);
    expect(stdout).toHaveLength(3_000_000);
    expect(stderr.equals(stdout)).toBe(false);
  });

  it('are the very files and flags that a bare command gets', async () => {
    const line = (first: string) =>
      `exec 3<${program('show-descriptors.py')} 4>>'${directory}/log'; ${first} python3 -I ${program('show-descriptors.py')} </dev/null`;
    const bare = await runProgram(['sh', '-c', line('')]);
    const wrapped = await runProgram(['sh', '-c', line(`'${driver().join(`' '`)}' --`)]);
    // Each run has pipes of its own.
    const normalise = (text: Buffer) => text.toString().replace(/(pipe|socket):\[\d+\]/g, '$1');
    expect(normalise(wrapped.stdout)).toBe(normalise(bare.stdout));
    expect(Object.keys(JSON.parse(bare.stdout.toString()) as object)).toEqual(
      expect.arrayContaining(['0', '1', '2', '3', '4']),
    );
  });

  it('are never made non-blocking for the others that share them', async () => {
    const { stdout } = await runProgram([
      'python3',
      program('watch-nonblocking.py'),
      ...driver(),
      '--',
      'sleep',
      '0.2',
    ]);
    expect(stdout.toString()).toBe('looked True seen 0 status 0\n');
  });

  it('are /dev/null where they were closed', async () => {
    const line = `'${driver().join(`' '`)}' -- cat <&- ; echo "status $?"`;
    const { stdout } = await runProgram(['sh', '-c', line]);
    expect(stdout.toString()).toBe('status 0\n');
  });

  it('include further descriptors: 3>file, process substitution, a jobserver', async () => {
    const file = path.join(directory, 'third');
    const wrapped = `'${driver().join(`' '`)}' --`;
    await runProgram([
      'bash',
      '-c',
      `${wrapped} sh -c 'echo to three >&3; echo to four >&4' 3>'${file}' 4>&3`,
    ]);
    expect(await readFile(file, 'utf8')).toBe('to three\nto four\n');
    const { stdout } = await runProgram(['bash', '-c', `${wrapped} cat <(echo substituted)`]);
    expect(stdout.toString()).toBe('substituted\n');
  });
});
