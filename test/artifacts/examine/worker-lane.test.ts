import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToThread } from '../../../src/artifacts/examine/messages.ts';
import { WorkerLane, type Thread } from '../../../src/artifacts/examine/worker-lane.ts';

class FakeThread extends EventEmitter implements Thread {
  readonly sent: ToThread[] = [];
  isTerminated = false;
  postMessage(message: ToThread): void {
    this.sent.push(message);
  }
  terminate(): Promise<void> {
    this.isTerminated = true;
    return Promise.resolve();
  }
}

let threads: FakeThread[];
let lane: WorkerLane;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  threads = [];
  lane = new WorkerLane(() => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const add = (take?: (rows: readonly unknown[]) => void) =>
  lane.add('control', { bytes: Buffer.alloc(1) }, take);

describe('a worker lane', () => {
  it('starts no thread before its first job, and one for all', async () => {
    expect(threads).toHaveLength(0);
    const [first, second] = [add(), add()];
    expect(threads[0]?.sent).toHaveLength(1);
    threads[0]?.emit('message', { output: 'a' });
    threads[0]?.emit('message', { failed: 'it is no such thing' });
    expect(await Promise.all([first, second])).toEqual(['a', undefined]);
    expect(threads).toHaveLength(1);
  });

  it('hands rows over, and asks for more in another turn', async () => {
    const rows: unknown[] = [];
    const job = add((some) => rows.push(...some));
    threads[0]?.emit('message', { rows: [1, 2] });
    expect(threads[0]?.sent).toHaveLength(1);
    await new Promise(setImmediate);
    expect(threads[0]?.sent.at(-1)).toBe('taken');
    threads[0]?.emit('message', { notExamined: 'it is too large' });
    expect(await job).toEqual({ notExamined: 'it is too large' });
    expect(rows).toEqual([1, 2]);
  });

  it('replaces a thread that takes too long, that is out of memory or that ends', async () => {
    const jobs = [add(), add(), add(), add()];
    vi.advanceTimersByTime(10_000);
    expect(threads[0]?.isTerminated).toBe(true);
    threads[0]?.emit('message', { output: 'too late' });
    threads[1]?.emit('error', Object.assign(new Error('memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }));
    threads[2]?.emit('exit');
    threads[3]?.emit('message', { output: 'b' });
    expect(await Promise.all(jobs)).toEqual([
      { notExamined: 'reading it takes longer than 10 s' },
      { notExamined: 'reading it takes too much memory' },
      { notExamined: 'reading it failed: the thread ended' },
      'b',
    ]);
  });

  it('takes no more once its time for the run is over', async () => {
    for (let turn = 0; turn < 31; turn += 1) {
      const job = add();
      vi.advanceTimersByTime(9_900);
      threads[0]?.emit('message', { output: turn });
      expect(await job).toBe(turn);
    }
    expect(await add()).toEqual({
      notExamined: 'reading archives and documents has taken 300 s of this run',
    });
  });

  it('settles all that is left when it is closed', async () => {
    const jobs = [add(), add()];
    lane.close('the run ended before it was read');
    const ended = { notExamined: 'the run ended before it was read' };
    expect(await Promise.all([...jobs, add()])).toEqual([ended, ended, ended]);
    expect(threads).toHaveLength(1);
    expect(threads[0]?.isTerminated).toBe(true);
  });
});
