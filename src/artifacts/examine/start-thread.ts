import { Worker } from 'node:worker_threads';
import { WORKER_LIMITS } from './limits.ts';
import type { StartThread } from './worker-lane.ts';

/** @param file the bundle of `thread.ts` */
export function createThreadStart(file: string): StartThread {
  return () => {
    // Nothing of the run's environment or flags is its business, and what it prints must not meet the command's output.
    const options = { resourceLimits: WORKER_LIMITS, env: {}, execArgv: [], stdout: true, stderr: true };
    const worker = new Worker(file, options);
    worker.unref();
    return worker;
  };
}
