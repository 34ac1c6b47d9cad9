import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { waitForDescendants } from '../../src/child/descendants.ts';

/** Starts a process that belongs to the run, and waits until it is what it says. */
async function start(runId: string, line: string) {
  const env = { ...process.env, PROXAUDIT_ACTIVE_RUN: runId };
  const child = spawn('sh', ['-c', `echo up; ${line}`], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

describe.skipIf(process.platform !== 'linux')('waitForDescendants (needs Linux)', () => {
  it('finds nobody of a run that has ended', async () => {
    expect(await waitForDescendants({ runId: 'run-nobody', timeoutMs: 60_000 })).toEqual([]);
  });

  it('waits for those that still end', async () => {
    const child = await start('run-short', 'sleep 0.4');
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    expect(await waitForDescendants({ runId: 'run-short', timeoutMs: 60_000 })).toEqual([]);
    // A zombie counts as ended, and we may see it first.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(ended).toBe(true);
  });

  it('tells who is left when the time is up, and only those of this run', async () => {
    const child = await start('run-long', 'exec sleep 60.5');
    const other = await start('run-longer', 'exec sleep 60');
    try {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const left = await waitForDescendants({ runId: 'run-long', timeoutMs: 100 });
      expect(left).toEqual([{ pid: child.pid, name: 'sleep', command: ['sleep', '60.5'] }]);
    } finally {
      child.kill();
      other.kill();
    }
  });

  it('finds an orphan in a session of its own', async () => {
    const child = await start('run-orphan', '(setsid sleep 60.25 >/dev/null 2>&1 &)');
    await new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const left = await waitForDescendants({ runId: 'run-orphan', timeoutMs: 0 });
    expect(left.map(({ command }) => command)).toEqual([['sleep', '60.25']]);
    for (const { pid } of left) process.kill(pid);
  });

  it('ends early when it is hurried', async () => {
    const child = await start('run-hurried', 'exec sleep 60');
    const hurry = new AbortController();
    setTimeout(() => {
      hurry.abort();
    }, 200);
    // Without the hurry this outlasts the test.
    const left = await waitForDescendants({
      runId: 'run-hurried',
      timeoutMs: 3_600_000,
      hurry: hurry.signal,
    });
    expect(left).toHaveLength(1);
    child.kill();
  });
});
