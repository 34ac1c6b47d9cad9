// Runs in a worker thread: one job after the other, as the main thread sends them.
import { parentPort } from 'node:worker_threads';
import type { JobKind, Jobs } from './jobs.ts';
import type { FromThread, ToThread } from './messages.ts';
import { BeyondLimit } from './not-examined.ts';
import { perform } from './perform.ts';

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
