// Runs in a worker thread: one job after the other, as the main thread sends them.
import { parentPort } from 'node:worker_threads';
import type { JobKind, Jobs } from './jobs.ts';
import { BeyondLimit } from './not-examined.ts';
import { perform } from './perform.ts';

/** What the main thread sends: a job, or that the rows were taken. */
export type ToThread = { readonly kind: JobKind; readonly input: Jobs[JobKind]['input'] } | 'taken';
/** `failed`: what was read is no such thing, which says nothing. */
export type FromThread =
  | { readonly rows: readonly unknown[] }
  | { readonly output: unknown }
  | { readonly notExamined: string }
  | { readonly failed: string };

const port = parentPort;
let taken = (): void => undefined;

port?.on('message', (message: ToThread) => {
  if (message === 'taken') taken();
  else void run(message.kind, message.input);
});

async function run(kind: JobKind, input: Jobs[JobKind]['input']): Promise<void> {
  try {
    const output = await perform(kind, input as never, (rows) => {
      const isTaken = new Promise<void>((resolve) => (taken = resolve));
      send({ rows });
      return isTaken;
    });
    send({ output });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send(error instanceof BeyondLimit ? { notExamined: message } : { failed: message });
  }
}

function send(message: FromThread): void {
  port?.postMessage(message);
}
