import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { waitForDescendants } from '../../src/child/descendants.ts';

/** Starts a process that belongs to the run, and waits until it is what it says. */
async function start(runId: string, line: string) {
  const env = { ...process.env, PROXAUDIT_ACTIVE_RUN: runId };
  const child = spawn('sh', ['-c', `echo up; ${line}`], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // Listened for now: a child that is done with its line may be gone before its `up` is read.
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, exited };
}

/** Until the shell has become what it runs. */
async function untilIs({ pid }: ChildProcess, name: string): Promise<void> {
  await expect.poll(() => readFileSync(`/proc/${pid ?? 0}/comm`, 'utf8')).toBe(`${name}\n`);
}

describe.skipIf(process.platform !== 'linux')('waitForDescendants (needs Linux)', () => {
  it('finds nobody of a run that has ended', async () => {
    expect(await waitForDescendants({ runId: 'run-nobody', timeoutMs: 60_000 })).toEqual([]);
  });

  it('waits for those that still end', async () => {
    const { child, exited } = await start('run-short', 'sleep 0.4');
    expect(await waitForDescendants({ runId: 'run-short', timeoutMs: 60_000 })).toEqual([]);
    // A zombie counts as ended, and we may see it first.
    const state = child.exitCode ?? /\) Z/.exec(readFileSync(`/proc/${child.pid ?? 0}/stat`, 'utf8'))?.[0];
    expect([0, ') Z']).toContain(state);
    await exited;
  });

  it('tells who is left when the time is up, and only those of this run', async () => {
    const { child } = await start('run-long', 'exec sleep 60.5');
    const { child: other } = await start('run-longer', 'exec sleep 60');
    try {
      await Promise.all([untilIs(child, 'sleep'), untilIs(other, 'sleep')]);
      const left = await waitForDescendants({ runId: 'run-long', timeoutMs: 100 });
      expect(left).toEqual([{ pid: child.pid, name: 'sleep', command: ['sleep', '60.5'] }]);
    } finally {
      child.kill();
      other.kill();
    }
  });

  it('finds an orphan in a session of its own', async () => {
    const { exited } = await start('run-orphan', '(setsid sleep 60.25 >/dev/null 2>&1 &)');
    await exited;
    const find = () => waitForDescendants({ runId: 'run-orphan', timeoutMs: 0 });
    // It is a shell and `setsid` before.
    await expect.poll(async () => (await find()).map(({ command }) => command)).toEqual([['sleep', '60.25']]);
    for (const { pid } of await find()) process.kill(pid);
  });

  it('ends early when it is hurried', async () => {
    const { child } = await start('run-hurried', 'exec sleep 60');
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
