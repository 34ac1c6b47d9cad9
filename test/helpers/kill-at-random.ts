import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventSchema, type Event } from '../../src/model/events.ts';
import { executable } from './audit-run.ts';
import { randomBody, randomDigest } from './origin/random.ts';
import { startProgram } from './run-program.ts';
import type { Scene } from './scene.ts';

const BYTES = 30_000;
/** Until all clients that run at once have warmed up, and some way beyond. */
const MAX_DELAY_MS = 500;
const urllib = `import sys, urllib.request
number = 0
while True:
    number += 1
    with urllib.request.urlopen(sys.argv[1] % number) as answer, open(sys.argv[2] % number, "wb") as file:
        file.write(answer.read())
`;

/** Each fetches one package after the other, by a client of its own or by one for all, until one cannot be fetched. */
const clients: Readonly<Record<string, (url: string, file: string) => string[]>> = {
  curl: (url, file) => looping(`curl -sf -o ${file} ${url}`),
  wget: (url, file) => looping(`wget -q --tries=1 -O ${file} ${url}`),
  'several curls': (url, file) => [
    'sh',
    '-c',
    `seq 1000 | xargs -P 6 -I % sh -c 'curl -sf -o ${percent(file)} ${percent(url)} || exit 255'`,
  ],
  'one curl': (url, file) => ['curl', '-sf', '-o', file.replace('%d', '#1'), url.replace('%d', '[1-1000]')],
  urllib: (url, file) => ['python3', '-c', urllib, url, file],
};

export const killedClients = Object.keys(clients);

function looping(fetch: string): string[] {
  const one = fetch.replaceAll('%d', '$number');
  return ['sh', '-c', `number=1; while ${one}; do number=$((number + 1)); done`];
}

const percent = (text: string): string => text.replaceAll('%d', '%');

/** The packages that a client has whole, by number, though the journal says nothing of them. */
export interface Unrecorded {
  /** How many it has whole. */
  readonly whole: number;
  readonly exchanges: readonly number[];
  readonly artifacts: readonly number[];
}

/**
 * Kills proxaudit at a moment that `seed` decides, while a client fetches packages through it, and compares what the
 * client has on the disk with the journal.
 */
export async function killAtRandom(
  { directory, user, options }: Scene,
  { client, seed }: { readonly client: string; readonly seed: string },
): Promise<Unrecorded> {
  const random = randomBody(4, `${client} ${seed}`);
  const scheme = random.readUInt8(0) % 2 === 0 ? 'http' : 'https';
  const isOneByOne = client !== 'several curls';
  const framing = isOneByOne && random.readUInt8(1) % 2 === 1 ? 'chunked' : 'random';
  const folder = join(directory, `${client} ${seed}`.replaceAll(' ', '-'));
  mkdirSync(folder);
  const url = `${scheme}://origin.test/${framing}/${BYTES}/pad/-/pad-1.0.%d.tgz`;
  const argv = clients[client]?.(url, join(folder, '%d.tgz')) ?? [];
  const journal = join(folder, 'journal.jsonl');
  const running = startProgram([process.execPath, executable, '-o', journal, ...options, '--', ...argv], {
    env: user.env,
    cwd: user.directory,
  });
  const isWhole = (name: string): boolean => statSync(join(folder, name)).size === BYTES;
  const listWhole = (): string[] =>
    readdirSync(folder).filter((name) => name.endsWith('.tgz') && isWhole(name));
  await expect.poll(() => listWhole().length, { timeout: 30_000, interval: 2 }).toBeGreaterThan(1);
  // The moment is what is tried here, and nothing is waited for.
  await pause((random.readUInt16LE(2) / 0xffff) * MAX_DELAY_MS);
  running.process.kill('SIGKILL');
  expect((await running.ended).signal).toBe('SIGKILL');

  const numbers = listWhole()
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  // A chunked body is whole with its last chunk, which no file shows: the client has gone on to the next one then.
  const whole = framing === 'chunked' ? numbers.slice(0, -1) : numbers;
  const events = readWhole(journal);
  const digest = randomDigest(BYTES, 'pad');
  const without = (has: (event: Event, address: string) => boolean): number[] =>
    whole.filter((number) => !events.some((event) => has(event, url.replace('%d', String(number)))));
  return {
    whole: whole.length,
    exchanges: without(
      (event, address) =>
        event.type === 'exchange-completed' &&
        event.request.url === address &&
        event.response?.body.sha256 === digest,
    ),
    artifacts: without(
      (event, address) =>
        event.type === 'artifact-recognised' &&
        event.artifact.urls.includes(address) &&
        event.artifact.digests.sha256 === digest,
    ),
  };
}

/** The events of a journal that may end within a line. */
function readWhole(file: string): Event[] {
  const text = readFileSync(file, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return lines.map((line) => eventSchema.parse(JSON.parse(line)));
}
