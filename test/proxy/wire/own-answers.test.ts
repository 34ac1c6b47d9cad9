import { once } from 'node:events';
import { createServer } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOWED } from '../../../src/model/decision.ts';
import { startAuditedProxy } from '../../helpers/audited-proxy.ts';
import { openHttp2, openTunnel } from '../../helpers/http2/sessions.ts';
import { listenOnLoopback } from '../../helpers/origin/listening.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { openRawScene, PATIENCE, rest, type RawScene } from '../../helpers/wire/raw-scene.ts';

const DENIED = { action: 'deny', rule: 'no-secrets', reason: 'not that path' } as const;
const decisions = {
  decide: (question: { stage: string; url?: string }) =>
    question.url?.includes('/denied') === true ? DENIED : ALLOWED,
};
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: origin.test\r\n\r\n`;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const TEXT = 'proxaudit: denied: denied by rule no-secrets: not that path\n';
const HEAD_OF_OURS = [
  'HTTP/1.1 403 Forbidden',
  'Content-Type: text/plain; charset=utf-8',
  `Content-Length: ${TEXT.length}`,
  'Connection: close',
  '\r\n',
].join('\r\n');
const OURS = `${HEAD_OF_OURS}${TEXT}`;

let scene: RawScene;
beforeAll(async () => {
  scene = await openRawScene('own-answers', { decisions });
});
afterAll(() => scene.close());

describe.each([true, false])('our own answer in a tunnel (TLS: %s)', (isSecure) => {
  const path = (name: string): string => `/${name}-${isSecure}`;

  it('waits for the responses to earlier requests, and nothing later is sent', async () => {
    const { client, server } = await scene.tunnel(isSecure);
    const first = get(path('first'));
    client.write(first + get(path('denied')) + get(path('later')));
    await server.hears(first);
    await rest();
    expect(client.text).toBe('');
    server.write(ANSWER.slice(0, -1));
    await client.hears(ANSWER.slice(0, -1));
    server.write('o');
    await client.hears(ANSWER + OURS);
    await client.ends('end');
    await server.ends('reset');
    expect(server.text).toBe(first);
    const exchange = await scene.exchange(path('denied'));
    expect(exchange).toMatchObject({
      request: { body: { size: 0 } },
      response: { status: 403, by: 'proxaudit', body: { size: TEXT.length, complete: true } },
      error: { code: 'denied' },
      decision: DENIED,
    });
    expect(scene.audited.exchanges(path('later'))).toEqual([]);
    expect((await scene.exchange(path('first'))).response?.status).toBe(200);
  });

  it('has no body for HEAD', async () => {
    const { client } = await scene.tunnel(isSecure);
    client.write(`HEAD ${path('denied-head')} HTTP/1.1\r\n\r\n`);
    await client.ends('end');
    expect(client.text).toBe(HEAD_OF_OURS);
  });

  it('reaches a client that is still sending 2 MB', async () => {
    const { client, server } = await scene.tunnel(isSecure);
    // It reads when all is sent, as clients do that do not look at answers before.
    client.stream.pause();
    client.write(`POST ${path('denied-upload')} HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n`);
    for (let piece = 0; piece < 10; piece++) {
      client.write(Buffer.alloc(200_000, 'x'));
      await new Promise(setImmediate);
    }
    client.stream.resume();
    await client.hears(OURS);
    await server.ends('reset');
    expect(server.text).toBe('');
    client.socket.destroy();
  });

  it('is not sent where the earlier response ends the connection', async () => {
    const { client, server } = await scene.tunnel(isSecure);
    client.write(get(path('last')) + get(path('denied-behind')));
    await server.hears(get(path('last')));
    server.write('HTTP/1.1 200 OK\r\n\r\nhello');
    server.stream.end();
    await client.hears('HTTP/1.1 200 OK\r\n\r\nhello');
    await client.ends('end');
    expect((await scene.exchange(path('denied-behind'))).decision).toEqual(DENIED);
    client.socket.destroy();
  });
});

it('a denied request among responses that cannot be parsed resets its pair, and is not sent', async () => {
  const { client, server } = await scene.tunnel();
  client.write(get('/odd'));
  await server.hears(get('/odd'));
  const odd = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhel';
  server.write(odd);
  await client.hears(odd);
  client.write(get('/denied-opaque'));
  await client.ends('reset');
  await server.ends('reset');
  expect([client.text, server.text]).toEqual([odd, get('/odd')]);
  expect(await scene.exchange('/denied-opaque')).toMatchObject({
    error: { code: 'denied' },
    decision: DENIED,
  });
});

it('our own answer over HTTP/2 ends its stream alone', async () => {
  const workspace = createWorkspace('own-answers-h2');
  const server = createServer();
  const paths: unknown[] = [];
  const held: (() => void)[] = [];
  server.on('stream', (stream, headers) => {
    paths.push(headers[':path']);
    stream.respond({ ':status': 200 });
    held.push(() => stream.end('hello'));
  });
  const origin = await listenOnLoopback(server);
  const audited = await startAuditedProxy(workspace.directory, {
    resolve: { 'origin.test:80': origin.port },
    overrides: { decisions },
  });
  const session = await openHttp2(
    await openTunnel({ proxyPort: audited.proxy.port, authority: 'origin.test:80' }),
  );
  const first = session.request({ ':path': '/first' });
  await expect.poll(() => held.length, PATIENCE).toBe(1);
  for (const method of ['GET', 'HEAD', 'POST']) {
    const denied = session.request(
      { ':path': '/denied', ':method': method },
      { endStream: method !== 'POST' },
    );
    let text = '';
    denied.on('data', (chunk: Buffer) => (text += chunk.toString()));
    if (method === 'POST') denied.write(Buffer.alloc(50_000));
    const [headers] = (await once(denied, 'response')) as [Record<string, unknown>];
    await once(denied, 'close');
    expect([headers[':status'], text]).toEqual([403, method === 'HEAD' ? '' : TEXT]);
    expect(headers).not.toHaveProperty('connection');
  }
  let body = '';
  first.on('data', (chunk: Buffer) => (body += chunk.toString()));
  held[0]?.();
  await once(first, 'end');
  expect([body, paths]).toEqual(['hello', ['/first']]);
  await expect.poll(() => audited.exchanges('/denied').length, PATIENCE).toBe(3);
  session.destroy();
  await audited.close();
  await origin.close();
  workspace.remove();
});
