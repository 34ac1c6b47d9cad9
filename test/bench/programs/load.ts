// GETs one address REQUESTS times on CONNECTIONS keep-alive connections, after WARM-UP requests, and prints the time.
// It asks for PATHS of it in turn, where they are given; `NUMBER` in them stands for another number each time.
// With `pause` it says `ready` after the warm-up and `done` after the load, and each time waits for a line on stdin.
import { createInterface } from 'node:readline';
import { openKeepAliveClient } from '../keep-alive-client.ts';
import type { KeepAliveClient } from '../keep-alive-client.ts';

export interface Load {
  readonly url: string;
  /** Fetched in the warm-up; default is `url`. */
  readonly warmUpUrl?: string;
  readonly paths?: readonly string[];
  readonly connections: number;
  /** Those of the warm-up, where it fetches another address; default is `connections`. */
  readonly warmUpConnections?: number;
  readonly requests: number;
  readonly warmUp: number;
  readonly pause?: boolean;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const lines = load.pause ? createInterface({ input: process.stdin })[Symbol.asyncIterator]() : undefined;

async function sayAndWait(word: string): Promise<void> {
  if (!lines) return;
  process.stdout.write(`${word}\n`);
  await lines.next();
}

const { paths = [] } = load;
let asked = 0;

async function spend(clients: readonly KeepAliveClient[], requests: number): Promise<void> {
  let left = requests;
  const work = async (client: KeepAliveClient): Promise<void> => {
    while (left-- > 0) {
      asked += 1;
      await client.get(paths[asked % paths.length]?.replace('NUMBER', String(asked)));
    }
  };
  await Promise.all(clients.map(work));
}

/** More at once would be dropped by the backlog of a listener. */
const OPENED_AT_ONCE = 100;

async function open(address: string, count = load.connections): Promise<KeepAliveClient[]> {
  const clients: KeepAliveClient[] = [];
  while (clients.length < count) {
    const length = Math.min(OPENED_AT_ONCE, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length }, () => openKeepAliveClient(new URL(address))))));
  }
  return clients;
}

const first = await open(load.warmUpUrl ?? load.url, load.warmUpConnections);
await spend(first, load.warmUp);
await sayAndWait('ready');
const clients = load.warmUpUrl !== undefined ? await open(load.url) : first;
const started = performance.now();
await spend(clients, load.requests);
const ms = performance.now() - started;
await sayAndWait('done');
process.stdout.write(`${JSON.stringify({ ms })}\n`);
process.exit(0);
