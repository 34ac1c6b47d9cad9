import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whenEnded } from '../../../src/proxy/wire/when-ended.ts';
import { startAuditedProxy, type AuditedProxy } from '../../helpers/audited-proxy.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { reach } from '../../helpers/wire/ways.ts';

const NAME = 'origin.test:4000';
const PATIENCE = { timeout: 20_000, interval: 2 };
const workspace = createWorkspace('held-bytes');
const origin = createServer({ allowHalfOpen: true, noDelay: true });
let audited: AuditedProxy;
/** What waits for the journal; undefined: it is written at once. */
let waiting: { readonly action: () => void; readonly onFailed: () => void }[] | undefined;

beforeAll(async () => {
  await once(origin.listen(0, '127.0.0.1'), 'listening');
  audited = await startAuditedProxy(workspace.directory, {
    resolve: { [NAME]: (origin.address() as AddressInfo).port },
    overrides: {
      afterWritten: (action, onFailed) => {
        if (waiting === undefined) action();
        else waiting.push({ action, onFailed });
      },
    },
  });
});
afterAll(async () => {
  waiting = undefined;
  await audited.close();
  origin.close();
  workspace.remove();
});

class Listener {
  readonly socket: Socket;
  text = '';
  ending: 'end' | 'reset' | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    whenEnded({ stream: socket, socket }, () => (this.ending ??= 'end'));
    socket.on('error', () => (this.ending ??= 'reset'));
  }
}

async function open(): Promise<{ client: Listener; server: Listener }> {
  const accepted = once(origin, 'connection') as Promise<[Socket]>;
  const { socket } = await reach({
    way: 'connect',
    port: audited.proxy.port,
    authority: NAME,
    ca: undefined,
  });
  const [server] = await accepted;
  return { client: new Listener(socket), server: new Listener(server) };
}

/** All is in this process: after some turns of its event loop nothing is under way. */
async function rest(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
}

function releaseAll(): void {
  for (const { action } of waiting?.splice(0) ?? []) action();
}

/** What passes before its `exchange-completed` is written, and what waits for it; `FIN` is the end of the connection. */
const RESPONSES: readonly (readonly [name: string, method: string, passes: string, waits: string])[] = [
  [
    'one with a length waits with its last bytes',
    'GET',
    'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello',
    'world',
  ],
  [
    'one in chunks waits with its last chunk',
    'GET',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
    '0\r\nX-Sum: 1\r\n\r\n',
  ],
  ['one until close waits with its end', 'GET', 'HTTP/1.1 200 OK\r\n\r\nhello', 'FIN'],
  ['one to HEAD waits with its head', 'HEAD', '', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'],
  ['a 204 waits with its head', 'GET', '', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['a 304 waits with its head', 'GET', '', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n'],
  ['an empty one waits with its head', 'GET', '', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  [
    'interim ones do not wait',
    'GET',
    'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ],
];

describe('a response', () => {
  it.each(RESPONSES)('%s', async (_name, method, passes, waits) => {
    waiting = undefined;
    const { client, server } = await open();
    client.socket.write(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`);
    await expect.poll(() => server.text, PATIENCE).toContain('\r\n\r\n');
    waiting = [];
    if (passes !== '') server.socket.write(passes);
    await expect.poll(() => client.text, PATIENCE).toBe(passes);
    if (waits === 'FIN') server.socket.end();
    else server.socket.write(waits);
    await expect.poll(() => waiting?.length, PATIENCE).toBeGreaterThan(0);
    await rest();
    expect([client.text, client.ending]).toEqual([passes, undefined]);
    releaseAll();
    await expect.poll(() => client.text, PATIENCE).toBe(waits === 'FIN' ? passes : passes + waits);
    if (waits === 'FIN') await expect.poll(() => client.ending, PATIENCE).toBe('end');
    client.socket.destroy();
  });
});

it('the head of a request waits for its exchange-started, and its body behind it', async () => {
  waiting = undefined;
  const { client, server } = await open();
  waiting = [];
  const text = 'POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello';
  client.socket.write(text);
  await expect.poll(() => waiting?.length, PATIENCE).toBe(1);
  await rest();
  expect(server.text).toBe('');
  releaseAll();
  await expect.poll(() => server.text, PATIENCE).toBe(text);
  client.socket.destroy();
});

it('a journal that fails resets both sides, and nothing that waited goes on', async () => {
  waiting = undefined;
  const { client, server } = await open();
  client.socket.write('GET / HTTP/1.1\r\n\r\n');
  await expect.poll(() => server.text, PATIENCE).not.toBe('');
  waiting = [];
  server.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
  await expect.poll(() => client.text, PATIENCE).not.toBe('');
  server.socket.write('hello');
  await expect.poll(() => waiting?.length, PATIENCE).toBe(1);
  for (const { onFailed } of waiting.splice(0)) onFailed();
  await expect.poll(() => [client.ending, server.ending], PATIENCE).toEqual(['reset', 'reset']);
  expect(client.text).not.toContain('hello');
});

it('a client that is gone is heard of though nobody reads what it sends', async () => {
  waiting = undefined;
  const { client, server } = await open();
  server.socket.pause();
  client.socket.write('POST / HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n');
  // More than the system and we take.
  for (let piece = 0; piece < 40; piece++) client.socket.write(Buffer.alloc(1024 * 1024));
  await expect.poll(() => server.socket.readableLength, PATIENCE).toBeGreaterThan(0);
  await rest();
  const before = audited.of('connection-closed').length;
  client.socket.resetAndDestroy();
  await expect.poll(() => audited.of('connection-closed').length, PATIENCE).toBe(before + 1);
  server.socket.resume();
  await expect.poll(() => server.ending, PATIENCE).toBe('reset');
});

it('a server that resets right behind what it said is not taken for one that ended', async () => {
  waiting = undefined;
  const { client, server } = await open();
  const until = audited.of('exchange-completed').length;
  client.socket.write('GET / HTTP/1.1\r\n\r\n');
  await expect.poll(() => server.text, PATIENCE).not.toBe('');
  // Both are there when the event loop looks.
  server.socket.write('HTTP/1.1 200 OK\r\n\r\nhello');
  server.socket.resetAndDestroy();
  await expect.poll(() => audited.of('exchange-completed').length, PATIENCE).toBe(until + 1);
  expect(audited.of('exchange-completed').at(-1)?.response?.body).toMatchObject({ size: 5, complete: false });
  await expect.poll(() => client.ending, PATIENCE).toBe('reset');
  expect(client.text).toBe('HTTP/1.1 200 OK\r\n\r\nhello');
});
