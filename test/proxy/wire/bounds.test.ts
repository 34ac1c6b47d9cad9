import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientSide } from '../../../src/proxy/wire/client-side.ts';
import { Outlet } from '../../../src/proxy/wire/outlet.ts';
import { openRawScene, PATIENCE, rest, type RawScene, type Side } from '../../helpers/wire/raw-scene.ts';

const KB = 1024;
const MB = 1024 * KB;
/** The most that the system may keep in the buffers of two connections, and a stream of Node besides. */
const ELSEWHERE = 16 * MB;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

let scene: RawScene;
beforeAll(async () => {
  scene = await openRawScene('bounds');
});
afterAll(() => scene.close());

/** Writes until nobody takes any more. @returns what was taken, by the system and by the proxy */
async function fill(side: Side, limit: number): Promise<number> {
  const { stream, socket } = side;
  const piece = Buffer.alloc(256 * KB, 'x');
  for (let written = 0; written < limit; written += piece.length) stream.write(piece);
  let before = -1;
  // The system says what it took; while the proxy reads, that grows.
  while (socket.writableLength !== before) {
    before = socket.writableLength;
    await rest();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return limit - before;
}

it('a plain request that waits is read ahead of for 1 MB, and what comes later stays with the client', async () => {
  const accepted = scene.accept(false);
  const client = await scene.reach('plain');
  client.write('GET http://origin.test:4000/first HTTP/1.1\r\n\r\n');
  const server = await accepted;
  await server.hearsOf('/first');
  const before = process.memoryUsage().arrayBuffers;
  const limit = 40 * MB;
  client.write(`POST http://origin.test:4000/second HTTP/1.1\r\nContent-Length: ${limit}\r\n\r\n`);
  const taken = await fill(client, limit);
  expect(taken).toBeLessThan(MB + ELSEWHERE);
  // The client's queue is one piece many times over; all else in this process was read by the proxy.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * ELSEWHERE);
  expect(server.text).not.toContain('/second');
  let received = 0;
  server.stream.removeAllListeners('data');
  server.stream.on('data', (chunk: Buffer) => (received += chunk.length));
  server.write(ANSWER);
  await expect.poll(() => received, PATIENCE).toBeGreaterThanOrEqual(limit);
  server.write(ANSWER);
  await client.hears(ANSWER + ANSWER);
  client.socket.destroy();
});

/** A stream of which nothing is taken. */
function stuck(): { stream: Duplex; socket: Socket } {
  const stream = new Duplex({ read: () => undefined, write: () => undefined });
  return { stream, socket: stream as Socket };
}

it('1 MB is read ahead, not a byte more is asked for', async () => {
  const end = stuck();
  const never = (): never => {
    throw new Error('nothing is to be read');
  };
  const handler = { begin: never, unparsed: never, mayReadOn: () => false, ended: never, gone: never };
  new ClientSide(end, { afterWritten: never, onDrain: never, handler });
  for (let piece = 0; piece < 16; piece++) end.stream.push(Buffer.alloc(64 * KB));
  await rest();
  expect(end.stream.isPaused()).toBe(false);
  end.stream.push('x');
  await rest();
  expect([end.stream.isPaused(), end.stream.readableLength]).toEqual([true, 0]);
});

it('256 KB may wait for a slow side, held back or not', () => {
  for (const isHeld of [true, false]) {
    const outlet = new Outlet(stuck(), () => undefined);
    if (isHeld) outlet.hold();
    outlet.write(Buffer.alloc(256 * KB));
    expect(outlet.flush()).toBe(false);
    outlet.write(Buffer.from('x'));
    expect(outlet.flush()).toBe(true);
  }
});

it('of the requests in a tunnel 64 are unanswered, and the next one waits', async () => {
  const { client, server } = await scene.tunnel();
  const request = (index: number): string => `GET /bound-${index} HTTP/1.1\r\n\r\n`;
  for (let index = 1; index <= 100; index++) client.write(request(index));
  await server.hearsOf('/bound-64 ');
  await rest();
  expect(server.text).not.toContain('/bound-65 ');
  expect(
    scene.audited.of('exchange-started').filter(({ request: { url } }) => url.includes('/bound-')),
  ).toHaveLength(64);
  server.write(ANSWER);
  await server.hearsOf('/bound-65 ');
  await rest();
  expect(server.text).not.toContain('/bound-66 ');
  for (let index = 2; index <= 100; index++) server.write(ANSWER);
  await client.hears(ANSWER.repeat(100));
  expect(scene.audited.exchanges('/bound-')).toHaveLength(100);
  client.socket.destroy();
});

it.each(['client', 'server'] as const)(
  'a slow %s holds the other side back, after 256 KB and what the system takes',
  async (slow) => {
    const { client, server } = await scene.tunnel();
    client.write('POST /slow HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n');
    await server.hearsOf('/slow');
    server.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n');
    await client.hearsOf('100000000');
    const [from, to] = slow === 'client' ? [server, client] : [client, server];
    to.stream.pause();
    const taken = await fill(from, 40 * MB);
    expect(taken).toBeLessThan(ELSEWHERE);
    to.stream.removeAllListeners('data');
    let received = 0;
    to.stream.on('data', (chunk: Buffer) => (received += chunk.length));
    to.stream.resume();
    await expect.poll(() => received, PATIENCE).toBe(40 * MB);
    client.socket.destroy();
  },
);
