import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const BYTES = 24 * 1024 * 1024;
const body = randomBody(BYTES, 'tunnel');
const digest = createHash('sha256').update(body).digest('hex');
const workspace = createWorkspace('raw-tunnel-bytes');
let audited: AuditedProxy;
/** Sends all that it receives back, and counts what it could not hand over yet. */
const mirror = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.pipe(socket);
});
/** Speaks first, and sends the body as quickly as it is taken. */
const sender = createServer((socket) => {
  senders.push(socket);
  socket.on('error', () => undefined);
  socket.end(body);
});
const senders: Socket[] = [];
const portOf = (server: typeof mirror): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of [mirror, sender]) await once(server.listen(0, '127.0.0.1'), 'listening');
  audited = await startAuditedProxy(workspace.directory, {
    resolve: { 'passed.test:1': portOf(mirror), 'passed.test:2': portOf(sender) },
    overrides: { passthrough: ['passed.test'] },
  });
});
afterAll(async () => {
  await audited.close();
  mirror.close();
  sender.close();
  workspace.remove();
});

async function openTunnel(port: number): Promise<Socket> {
  const socket = connect({ port: audited.proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(`CONNECT passed.test:${port} HTTP/1.1\r\n\r\n`);
  const head = 'HTTP/1.1 200 Connection Established\r\n\r\n';
  let got = Buffer.alloc(0);
  while (got.length < head.length) {
    await once(socket, 'readable');
    got = Buffer.concat([got, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
  }
  if (got.length > head.length) socket.unshift(got.subarray(head.length));
  return socket;
}

/** Reads to the end; `rest` is waited before each of the first reads. */
async function readDigest(socket: Socket, restMs: number): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  let rests = 20;
  for await (const chunk of socket) {
    hash.update(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (restMs > 0 && rests-- > 0) await sleep(restMs);
  }
  return { size, sha256: hash.digest('hex') };
}

it.each([
  ['a quick reader', 0],
  ['a slow reader', 15],
])('what is sent both ways at once arrives whole at %s', async (_name, restMs) => {
  const socket = await openTunnel(1);
  socket.end(body);
  expect(await readDigest(socket, restMs)).toEqual({ size: BYTES, sha256: digest });
});

it('a reader that stops holds the sender back', async () => {
  const socket = await openTunnel(2);
  await once(socket, 'readable');
  await sleep(500);
  const [origin] = senders;
  // What the kernel's and our buffers take at most is far from all.
  expect(origin?.writableLength).toBeGreaterThan(BYTES / 4);
  expect(await readDigest(socket, 0)).toEqual({ size: BYTES, sha256: digest });
});
