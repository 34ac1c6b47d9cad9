import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useChildDriver } from '../helpers/child-driver.ts';
import { startProgram } from '../helpers/run-program.ts';

const driver = useChildDriver();
const program = (name: string): string => path.resolve('test/fixtures/programs', name);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proxaudit-signals-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

describe('without a child', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
    ['SIGUSR1', 138],
    ['SIGUSR2', 140],
  ] as const)('%s ends us at once with its status, after the clean-up', async (signal, status) => {
    // It waits for the rest of a script on stdin.
    const {
      process: child,
      ended,
      prints,
    } = startProgram([...driver(), '--announce', '1'], { keepStdin: true });
    child.stdin?.write('sleep 1\n');
    await prints('handlers stand');
    await sleep(100);
    child.kill(signal);
    const result = await ended;
    expect(result.status).toBe(status);
    expect(result.stderr.toString()).toBe('driver: cleaned up\n');
  });

  it('SIGWINCH does nothing', async () => {
    const {
      process: child,
      ended,
      prints,
    } = startProgram([...driver(), '--announce', '1'], { keepStdin: true });
    await prints('handlers stand');
    child.kill('SIGWINCH');
    await sleep(100);
    child.stdin?.end('exit 4\n');
    expect((await ended).status).toBe(4);
  });
});

describe('with a child and no terminal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const)(
    '%s reaches it, once, and it decides',
    async (signal) => {
      const running = startProgram([...driver(), '--', 'python3', program('count-signal.py'), signal]);
      await running.prints('ready');
      running.process.kill(signal);
      const { stdout, stderr, status } = await running.ended;
      expect(stdout.toString()).toBe(`ready\ngot 1 x ${signal}\n`);
      expect(stderr.toString()).toBe('');
      expect(status).toBe(7);
    },
  );

  it('a child that ignores them is waited for', async () => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;
    const end = path.join(directory, 'end');
    const running = startProgram([
      ...driver(),
      '--',
      'python3',
      program('ignore-signals.py'),
      end,
      ...signals,
    ]);
    await running.prints('ready');
    for (const signal of signals) running.process.kill(signal);
    await sleep(300);
    expect(running.process.exitCode).toBeNull();
    expect(running.process.signalCode).toBeNull();
    await writeFile(end, '');
    expect((await running.ended).status).toBe(9);
  });
});

describe('after the child', () => {
  const linger = 'sleep 1.5 >/dev/null 2>&1 & echo parted; exit 6';
  const env = { ...process.env, PROXAUDIT_ACTIVE_RUN: 'run-of-signals-test' };

  it('the first signal ends the wait for descendants and keeps the exit status', async () => {
    const running = startProgram([...driver(), '--drain', 'run-of-signals-test', '--', 'sh', '-c', linger], {
      env,
    });
    await running.prints('parted');
    await sleep(300);
    running.process.kill('SIGINT');
    const { status, stderr } = await running.ended;
    expect(status).toBe(6);
    expect(stderr.toString()).toMatch(
      /driver: left \[\{"pid":\d+,"name":"sleep","command":\["sleep","1.5"\]\}\]/,
    );
  });

  it('the second one ends us', async () => {
    const running = startProgram(
      [...driver(), '--drain', 'run-of-signals-test', '--deaf', '1', '--', 'sh', '-c', linger],
      {
        env,
      },
    );
    await running.prints('parted');
    await sleep(300);
    running.process.kill('SIGTERM');
    await sleep(100);
    running.process.kill('SIGTERM');
    expect((await running.ended).status).toBe(143);
  });
});
