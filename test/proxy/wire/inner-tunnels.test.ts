import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOWED } from '../../../src/model/decision.ts';
import { startAuditedProxy, type AuditedProxy } from '../../helpers/audited-proxy.ts';
import { openHttp2, openTunnel } from '../../helpers/http2/sessions.ts';
import { listenOnLoopback, type Listening } from '../../helpers/origin/listening.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { openRawScene, PATIENCE, Side, type RawScene } from '../../helpers/wire/raw-scene.ts';

const DENIED = { action: 'deny', rule: 'no-inner', reason: 'not that host' } as const;
const decisions = {
  decide: (question: { stage: string; host: string }) =>
    question.stage === 'connect' && question.host === 'denied.test' ? DENIED : ALLOWED,
};
const ESTABLISHED = 'HTTP/1.1 200 OK\r\n\r\n';
const ASK = 'GET /inside HTTP/1.1\r\nHost: inner.test\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

let scene: RawScene;
let h2Origin: Listening;
let h2: AuditedProxy;
const workspace = createWorkspace('inner-tunnels');
/** CONNECTs that the origin of HTTP/2 was sent. */
const tunnels: ServerHttp2Stream[] = [];

beforeAll(async () => {
  scene = await openRawScene('inner-tunnels-1', { decisions });
  const server = createSecureServer(scene.leaf);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200 });
    if (headers[':method'] === 'CONNECT') tunnels.push(stream);
    else stream.end('hello');
  });
  h2Origin = await listenOnLoopback(server);
  h2 = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: scene.authority.file,
    resolve: { 'origin.test:443': h2Origin.port },
    overrides: { decisions },
  });
});
afterAll(async () => {
  await h2.close();
  await h2Origin.close();
  await scene.close();
  workspace.remove();
});

/** TLS for `inner.test` on what a tunnel within a tunnel carries, on both of its sides. */
async function secureInside(client: Duplex, server: Duplex, caFile: string): Promise<[Side, Side]> {
  const inner = new TLSSocket(server, {
    isServer: true,
    secureContext: createSecureContext(scene.leaf),
  });
  const outer = connectTls({ socket: client, servername: 'inner.test', ca: readFileSync(caFile) });
  await once(outer, 'secureConnect');
  return [new Side({ stream: outer, socket: outer }), new Side({ stream: inner, socket: inner })];
}

async function exchangeInside(client: Side, server: Side): Promise<void> {
  client.write(ASK);
  await server.hears(ASK);
  server.write(ANSWER);
  await client.hears(ANSWER);
}

describe('a CONNECT within a tunnel of HTTP/1.1', () => {
  it.each([true, false])('is intercepted again: TLS, with TLS around it %s', async (isSecure) => {
    const { client, server } = await scene.tunnel(isSecure);
    const place = `inner.test:${isSecure ? 4000 : 4001}`;
    const connect = `CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n\r\n`;
    client.write(connect);
    await server.hears(connect);
    server.stream.removeAllListeners('data');
    client.stream.removeAllListeners('data');
    server.stream.pause();
    server.write(ESTABLISHED);
    const [head] = (await once(client.stream, 'data')) as [Buffer];
    client.stream.pause();
    expect(head.toString()).toBe(ESTABLISHED);
    await exchangeInside(...(await secureInside(client.stream, server.stream, scene.audited.caFile)));
    const { request, names } = await scene.exchange(`https://${place}/inside`);
    expect(request.method).toBe('GET');
    expect(names).toBeUndefined();
    expect(scene.audited.of('passed-through')).toEqual([]);
    client.socket.destroy();
  });

  it('is intercepted again: plain HTTP', async () => {
    const { client, server } = await scene.tunnel(true);
    client.write('CONNECT inner.test:8080 HTTP/1.1\r\n\r\n');
    await server.hearsOf('CONNECT');
    server.write(ESTABLISHED);
    await client.hears(ESTABLISHED);
    client.text = server.text = '';
    await exchangeInside(client, server);
    const exchange = await scene.exchange('http://inner.test:8080/inside');
    expect(exchange.response?.body.size).toBe(5);
    client.socket.destroy();
  });

  it('that is refused by the upstream stays HTTP', async () => {
    const { client, server } = await scene.tunnel();
    client.write('CONNECT inner.test:443 HTTP/1.1\r\n\r\n');
    await server.hearsOf('CONNECT');
    const refusal = 'HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n';
    server.write(refusal);
    await client.hears(refusal);
    client.text = server.text = '';
    await exchangeInside(client, server);
    await scene.exchange('http://origin.test:4000/inside');
    client.socket.destroy();
  });

  it('that the policy denies is answered by us, and not sent', async () => {
    const { client, server } = await scene.tunnel();
    client.write('CONNECT denied.test:443 HTTP/1.1\r\n\r\n');
    await client.hearsOf(/^HTTP\/1\.1 403 Forbidden\r\n[^]*denied by rule no-inner/);
    await client.ends('end');
    expect(server.text).toBe('');
    expect(scene.audited.of('exchange-completed').at(-1)).toMatchObject({
      request: { method: 'CONNECT' },
      response: { status: 403, by: 'proxaudit' },
      error: { code: 'denied' },
    });
    client.socket.destroy();
  });

  it('that names no host and port is passed on, and named', async () => {
    const { client, server } = await scene.tunnel();
    client.write('CONNECT nowhere HTTP/1.1\r\n\r\n');
    await server.hearsOf('CONNECT nowhere');
    server.write(ESTABLISHED);
    await client.hears(ESTABLISHED);
    client.write('what');
    await server.hearsOf(/what$/);
    server.write('ever');
    await client.hears(`${ESTABLISHED}ever`);
    expect(scene.audited.of('passed-through').at(-1)).toMatchObject({
      reason: 'unparsed',
      detail: 'a CONNECT within a tunnel that names no host and port',
    });
    client.stream.end();
    await server.ends('end');
    server.stream.end();
    await client.ends('end');
  });
});

describe('a CONNECT within HTTP/2', () => {
  const open = async () =>
    openHttp2(await openTunnel({ proxyPort: h2.proxy.port, authority: 'origin.test:443' }), h2.caFile);

  it('is intercepted again', async () => {
    const session = await open();
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'inner.test:8443' });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
    const server = tunnels.at(-1) as ServerHttp2Stream;
    await exchangeInside(...(await secureInside(stream, server, h2.caFile)));
    await expect.poll(() => h2.exchanges('https://inner.test:8443/inside').length, PATIENCE).toBe(1);
    expect(h2.of('passed-through')).toEqual([]);
    session.destroy();
    await expect.poll(() => h2.of('connection-closed').length, PATIENCE).toBe(1);
  });

  it.each([
    ['the policy denies', 'denied.test:443', 403, 'denied'],
    ['leads to the proxy itself', undefined, 508, 'loop-detected'],
  ])('that %s is answered by us, and its session goes on', async (_name, place, status, code) => {
    const session = await open();
    const before = tunnels.length;
    const authority = place ?? `127.0.0.1:${h2.proxy.port}`;
    const stream = session.request({ ':method': 'CONNECT', ':authority': authority });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(stream, 'close');
    expect([headers[':status'], text]).toEqual([status, expect.stringContaining(`proxaudit: ${code}: `)]);
    const after = session.request({ ':path': `/after-${code}` });
    after.resume();
    await once(after, 'end');
    expect(tunnels).toHaveLength(before);
    expect(h2.of('exchange-completed').filter(({ error }) => error?.code === code)).toMatchObject([
      { request: { method: 'CONNECT' }, response: { status, by: 'proxaudit' } },
    ]);
    session.destroy();
  });

  it('that names no host and port is passed on, and named', async () => {
    const session = await open();
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'nowhere' });
    await once(stream, 'response');
    const server = tunnels.at(-1) as ServerHttp2Stream;
    stream.write('what');
    const [heard] = (await once(server, 'data')) as [Buffer];
    server.write('ever');
    const [answer] = (await once(stream, 'data')) as [Buffer];
    expect([heard.toString(), answer.toString()]).toEqual(['what', 'ever']);
    expect(h2.of('passed-through').at(-1)).toMatchObject({ reason: 'unparsed' });
    session.destroy();
  });
});
