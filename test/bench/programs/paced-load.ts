// GETs one address RATE times a second for SECONDS on CONNECTIONS connections, each replaced after PER-CONNECTION
// requests. Says `ready` when all are open and `done` at the end, and each time waits for a line on stdin.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKeepAliveClient, type KeepAliveClient } from '../keep-alive-client.ts';

export interface PacedLoad {
  readonly url: string;
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
  readonly perConnection: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as PacedLoad;
const url = new URL(load.url);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const TICK_MS = 10;

interface Slot {
  client: KeepAliveClient;
  left: number;
}

async function openSlot(index: number): Promise<Slot> {
  const client = await openKeepAliveClient(url);
  await client.get();
  // Staggered, so that they are not all replaced at once.
  return { client, left: 1 + (index % load.perConnection) };
}

async function ask(slot: Slot): Promise<void> {
  if (slot.left === 0) {
    slot.client.close();
    slot.client = await openKeepAliveClient(url);
    slot.left = load.perConnection;
  }
  slot.left -= 1;
  await slot.client.get();
}

const idle: Slot[] = [];
for (let index = 0; index < load.connections; index += 1) idle.push(await openSlot(index));
process.stdout.write('ready\n');
await lines.next();

const started = performance.now();
const total = load.rate * load.seconds;
const asked: Promise<void>[] = [];
let late = 0;
while (asked.length < total) {
  const due = Math.min(total, Math.ceil(((performance.now() - started) / 1_000) * load.rate));
  while (asked.length < due) {
    const slot = idle.shift();
    if (slot === undefined) {
      late += 1;
      break;
    }
    asked.push(ask(slot).then(() => void idle.push(slot)));
  }
  await sleep(TICK_MS);
}
await Promise.all(asked);
process.stdout.write(`done ${JSON.stringify({ ms: performance.now() - started, late })}\n`);
await lines.next();
process.exit(0);
