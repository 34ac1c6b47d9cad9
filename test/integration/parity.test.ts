import { constants } from 'node:os';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recipes } from '../../src/environment/recipes/index.ts';
import { executable } from '../helpers/audit-run.ts';
import { createUser } from '../helpers/audited-user.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { runProgram, startProgram, type ProgramOptions, type ProgramResult } from '../helpers/run-program.ts';

const workspace = createWorkspace('parity');
const user = createUser(workspace.directory, 'user');
const audited = [process.execPath, executable, '-q'];
const program = (name: string): string => resolve('test/fixtures/programs', name);

afterAll(() => {
  workspace.remove();
});

interface Seen {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A signal counts as its exit status, as a shell has it. */
function see({ status, signal, stdout, stderr }: ProgramResult): Seen {
  return {
    status: signal === null ? status : 128 + constants.signals[signal],
    stdout: stdout.toString('base64'),
    stderr: stderr.toString('base64'),
  };
}

/** Runs it without and with proxaudit before it; both must look the same. Returns what was seen. */
async function compare(
  make: (wrapper: readonly string[]) => readonly string[],
  options: ProgramOptions = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const all = { env: user.env, cwd: user.directory, ...options };
  const bare = see(await runProgram(make([]), all));
  expect(see(await runProgram(make([...audited, '--']), all))).toEqual(bare);
  const text = (data: string): string => Buffer.from(data, 'base64').toString('latin1');
  return { status: bare.status, stdout: text(bare.stdout), stderr: text(bare.stderr) };
}

/** For a command that stands behind the wrapper. */
const compareCommand = (argv: readonly string[], options?: ProgramOptions) =>
  compare((wrapper) => [...wrapper, ...argv], options);
/** For a shell line in which `"$@"` is the wrapper. */
const compareLine = (line: string, options?: ProgramOptions) =>
  compare((wrapper) => ['bash', '-c', line, 'bash', ...(wrapper.length === 0 ? ['env'] : wrapper)], options);

describe('the exit status is the command’s', () => {
  it.each([0, 1, 2, 3, 42, 100, 119, 120, 124, 125, 126, 127, 128, 130, 255])('%i', async (code) => {
    const seen = await compareCommand(['sh', '-c', `echo out; echo err >&2; exit ${code}`]);
    expect(seen).toEqual({ status: code, stdout: 'out\n', stderr: 'err\n' });
  });

  it.each(['INT', 'TERM', 'HUP', 'QUIT', 'KILL', 'USR1', 'USR2', 'PIPE', 'ABRT', 'SEGV', 'XFSZ', 'ALRM'])(
    '128+n for SIG%s',
    async (name) => {
      const number = constants.signals[`SIG${name}` as NodeJS.Signals];
      const { status } = await compareCommand(['sh', '-c', `ulimit -c 0; kill -${name} $$`]);
      expect(status).toBe(128 + number);
    },
  );

  it('127 for what is not there and 126 for what cannot be executed, with one line that says so', async () => {
    const file = join(workspace.directory, 'not-executable');
    writeFileSync(file, '#!/bin/sh\n');
    for (const [argv, status, said] of [
      [['no-such-command-here', 'x'], 127, 'no-such-command-here was not found in PATH'],
      [[join(workspace.directory, 'nothing')], 127, 'does not exist'],
      [[file], 126, 'is not executable'],
      [[workspace.directory], 126, 'is a directory'],
      [[''], 127, 'was not found in PATH'],
    ] as const) {
      const result = await runProgram([...audited, '--', ...argv], { env: user.env });
      expect(result.status, argv.join(' ')).toBe(status);
      expect(result.stdout.toString()).toBe('');
      expect(result.stderr.toString()).toMatch(/^proxaudit: .*\n$/);
      expect(result.stderr.toString()).toContain(said);
    }
  });

  it('126 and 127 that a shell gives stay what they are', async () => {
    await compareCommand(['sh', '-c', 'no-such-command-here']);
    await compareCommand(['sh', '-c', '/']);
  });
});

describe('the standard streams are the command’s own', () => {
  it('binary stdout and stderr, interleaved', async () => {
    const { stdout, stderr } = await compareCommand(['python3', program('split-bytes.py'), '7', '700000']);
    expect([stdout.length, stderr.length]).toEqual([700_000, 700_000]);
  });

  it('stdin, byte for byte', async () => {
    const input = randomBody(1_048_576, 'stdin');
    const { stdout } = await compareCommand(['cat'], { input });
    expect(Buffer.from(stdout, 'latin1').equals(input)).toBe(true);
  });

  it('an empty stdin and one that nobody reads', async () => {
    await compareCommand(['cat']);
    await compareCommand(['true'], { input: randomBody(1_048_576, 'unread') });
  });

  // Node opens /dev/null where it finds a standard descriptor closed, so the command finds that instead.
  it('a closed one is an empty one', async () => {
    const line = 'exec "$@" sh -c "cat && echo read; echo write" <&- >&-';
    const result = await runProgram(['bash', '-c', line, 'bash', ...audited, '--'], { env: user.env });
    expect(see(result)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('what a script reads from a shared stdin is only what it asked for', async () => {
    const { stdout } = await compareLine(
      'printf "one\\ntwo\\nthree\\n" >lines; { "$@" sh -c "read -r line; echo first \\$line"; echo rest $(cat); } <lines',
    );
    expect(stdout).toBe('first one\nrest two three\n');
  });

  it('a full stdout', async () => {
    const { stdout } = await compareLine('"$@" sh -c "echo x" >/dev/full 2>/dev/null; echo $?');
    expect(stdout).not.toBe('0\n');
  });

  it('a reader that leaves', async () => {
    const { stdout } = await compareLine('"$@" yes | head -n 2; echo "${PIPESTATUS[0]}"');
    expect(stdout).toBe('y\ny\n141\n');
    await compareCommand(['sh', '-c', 'yes | head -n 3']);
  });

  it('further descriptors', async () => {
    const { stdout } = await compareLine(
      '"$@" sh -c "echo three >&3; echo four >&4" 3>three 4>four; cat three four',
    );
    expect(stdout).toBe('three\nfour\n');
    // Nothing else is open either, and what there is has the same flags.
    await compareLine(
      `"$@" python3 '${program('show-descriptors.py')}' 3</dev/null | sed 's/:\\[[0-9]*\\]//g'`,
    );
  });

  it('get nothing from us: all that a summary needs goes to stderr, after the command', async () => {
    for (const options of [[], ['--summary', 'always', '--verbose']]) {
      const result = await runProgram(
        [process.execPath, executable, ...options, '--', 'sh', '-c', 'echo out; echo err >&2'],
        { env: user.env },
      );
      expect(result.stdout.toString()).toBe('out\n');
      expect(result.stderr.toString()).toMatch(/^err\n.*proxaudit/s);
    }
  });

  it('stay blocking for whoever shares them', async () => {
    const watched = await runProgram(
      ['python3', program('watch-nonblocking.py'), ...audited, '--', 'sleep', '0.3'],
      { env: user.env },
    );
    expect(watched.stdout.toString()).toBe('looked True seen 0 status 0\n');
  });
});

describe('the command itself', () => {
  it('keeps its arguments', async () => {
    const odd = [
      '',
      ' ',
      'a b',
      '--',
      '-o',
      '-c',
      '--report',
      '$HOME',
      '`x`',
      '"\'\\',
      'line\nend',
      '*',
      'é 😀',
      '\t',
      '%s',
    ];
    const { stdout } = await compareCommand(['python3', program('show-arguments.py'), ...odd]);
    expect(JSON.parse(stdout)).toEqual(odd);
  });

  it('keeps its arguments without "--" too', async () => {
    const argv = ['python3', program('show-arguments.py'), '-o', 'x', '--', '--summary', '-q'];
    const result = await runProgram([...audited, ...argv], { env: user.env });
    expect(JSON.parse(result.stdout.toString())).toEqual(argv.slice(2));
  });

  it('keeps its environment, apart from what makes it use the proxy', async () => {
    const env = {
      ...user.env,
      ODD: 'line one\nline=two \u00e9',
      EMPTY: '',
      'with-dash': '1',
      PROXAUDIT_OUTPUT: join(workspace.directory, 'env.jsonl'),
    };
    const read = async (wrapper: readonly string[]): Promise<Map<string, string>> => {
      const { stdout } = await runProgram([...wrapper, 'env', '-0'], { env });
      const entries = stdout.toString().split('\0').filter(Boolean);
      return new Map(
        entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
      );
    };
    const bare = await read([]);
    const inside = await read([...audited, '--']);
    const ours = new Set([
      ...recipes.map(({ variable }) => variable),
      'PROXAUDIT_ACTIVE_RUN',
      'PROXAUDIT_ACTIVE_CA',
    ]);
    const isOurs = (name: string): boolean => ours.has(name) || /^GIT_CONFIG_(?:KEY|VALUE)_\d+$/.test(name);
    bare.delete('PROXAUDIT_OUTPUT');
    expect(new Map([...inside].filter(([name]) => !isOurs(name)))).toEqual(bare);
    expect([...inside.keys()].filter(isOurs).length).toBeGreaterThan(10);
  });

  it('keeps its working directory, umask, limits and niceness', async () => {
    const cwd = join(workspace.directory, 'a b');
    mkdirSync(cwd, { recursive: true });
    const line =
      'umask 027; ulimit -n 512; nice -n 3 "$@" sh -c "pwd; umask; ulimit -n; nice; ls -l /proc/self/cwd | sed s/.*-/-/"';
    const { stdout } = await compareLine(line, { cwd });
    expect(stdout).toContain(`${cwd}\n0027\n512\n3\n`);
  });

  it('stays in the process group and session', async () => {
    const line =
      '"$@" python3 -c "import os; print(os.getpgrp() == os.getpgid(int(os.environ[\'GROUP\'])), os.getsid(0))"';
    const { stdout } = await compareLine(`export GROUP=$$; ${line}`, {});
    expect(stdout).toMatch(/^True \d+\n$/);
  });
});

describe('a shell line and a script', () => {
  const options = { env: user.env, cwd: user.directory };

  it('-c LINE is what sh -c LINE is', async () => {
    const line = 'tr a-z A-Z; echo "$0 $#" >&2; exit 6';
    const bare = await runProgram(['sh', '-c', line], { ...options, input: 'text' });
    const inside = await runProgram([...audited, '-c', line], { ...options, input: 'text' });
    expect(see(inside)).toEqual(see(bare));
    expect(bare.status).toBe(6);
  });

  it.each([
    ['without a shebang', 'echo "shell"\nif false; then :; fi\necho err >&2\nexit 9\n'],
    ['with one', '#!/usr/bin/env python3\nimport sys\nprint("python")\nsys.exit(4)\n'],
    ['with an option in it', '#!/bin/sh -e\necho before\nfalse\necho after\n'],
  ])('a script on stdin %s is what the file is', async (_, script) => {
    const file = join(workspace.directory, 'script');
    writeFileSync(file, script);
    chmodSync(file, 0o755);
    const bare = await runProgram(script.startsWith('#!') ? [file] : ['sh', file], options);
    expect(see(await runProgram(audited, { ...options, input: script }))).toEqual(see(bare));
  });

  it('no command and nothing on stdin is bad usage', async () => {
    const result = await runProgram(audited, options);
    expect(result.status).toBe(125);
    expect(result.stderr.toString()).toMatch(/^proxaudit: No command was given/);
  });
});

describe('from outside', () => {
  it('timeout ends it as it ends the command', async () => {
    const { status } = await compare((wrapper) => ['timeout', '1', ...wrapper, 'sleep', '5']);
    expect(status).toBe(124);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const)(
    '%s reaches the command once',
    async (signal) => {
      for (const wrapper of [[], [...audited, '--']]) {
        const running = startProgram([...wrapper, 'python3', program('count-signal.py'), signal], {
          env: user.env,
        });
        await running.prints('ready');
        running.process.kill(signal);
        const { status, stdout } = await running.ended;
        expect([status, stdout.toString()]).toEqual([7, `ready\ngot 1 x ${signal}\n`]);
      }
    },
  );

  it('a command that ignores TERM goes on, and proxaudit with it', async () => {
    const file = join(workspace.directory, 'let-go');
    const running = startProgram(
      [...audited, '--', 'python3', program('ignore-signals.py'), file, 'SIGTERM', 'SIGINT', 'SIGHUP'],
      { env: user.env },
    );
    await running.prints('ready');
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGTERM'] as const) running.process.kill(signal);
    await new Promise((done) => setTimeout(done, 300));
    expect(running.process.exitCode).toBeNull();
    writeFileSync(file, '');
    expect((await running.ended).status).toBe(9);
  });

  it('make’s jobserver works through it', async () => {
    const makefile = [
      'all: a b',
      'a b:',
      '\t@+$(WRAP) make -s -f Makefile leaf',
      'leaf:',
      '\t@echo leaf',
      '',
    ].join('\n');
    writeFileSync(join(user.directory, 'Makefile'), makefile);
    const { stdout, stderr } = await compare((wrapper) => ['make', '-s', '-j2', `WRAP=${wrapper.join(' ')}`]);
    expect([stdout, stderr]).toEqual(['leaf\nleaf\n', '']);
  });
});
