import { readFileSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect as connectTls,
  createServer as createTlsServer,
  type Server,
  type TLSSocket,
} from 'node:tls';
import { createComboServer } from 'mockttp/dist/server/http-combo-server';
import { SocketTimingInfo } from 'mockttp/dist/util/socket-extensions';
import { buildSocketTimingInfo, getParentSocket } from 'mockttp/dist/util/socket-util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunCa, mintLeaf } from '../../src/certificates/index.ts';

/** What src/proxy/engine relies on in mockttp, at the exact version that is bundled. Mend the engine when this breaks. */
const ca = createRunCa('contract');
const seen: { url: string | undefined; version: string; parent: unknown; raw: string[] }[] = [];
let server: Awaited<ReturnType<typeof createComboServer>>;
let port: number;
let secured: Server;
let tlsPort: number;
const tlsFailures: { socket: TLSSocket; cause: string }[] = [];

beforeAll(async () => {
  server = await createComboServer({
    debug: false,
    https: undefined,
    http2: true,
    socks: false,
    passthroughUnknownProtocols: false,
    keyLogStream: undefined,
    requestListener: (request, response) => {
      seen.push({
        url: request.url,
        version: request.httpVersion,
        parent: getParentSocket(request.socket),
        raw: request.rawHeaders,
      });
      response.sendDate = false;
      response.end('ok');
    },
    tlsClientErrorListener: (socket, failure) => tlsFailures.push({ socket, cause: failure.failureCause }),
    tlsPassthroughListener: () => undefined,
    rawPassthroughListener: () => undefined,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as { port: number }).port;
  const { certPem: cert, keyPem: key } = mintLeaf(ca, 'a.example');
  secured = createTlsServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    (socket as { [SocketTimingInfo]?: unknown })[SocketTimingInfo] ??= buildSocketTimingInfo();
    (server as unknown as { tlsListener(socket: TLSSocket): void }).tlsListener(socket);
    server.emit('secureConnection', socket);
  });
  secured.listen(0, '127.0.0.1');
  await once(secured, 'listening');
  tlsPort = (secured.address() as { port: number }).port;
});

afterAll(() => {
  secured.close();
  server.close();
});

async function exchange(socket: TLSSocket | ReturnType<typeof connect>, text: string): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

const tls = (options: object) =>
  connectTls({ port: tlsPort, host: '127.0.0.1', servername: 'a.example', ca: ca.certPem, ...options });

describe('mockttp', () => {
  it('is the version that this was written for', () => {
    const { version } = JSON.parse(readFileSync('node_modules/mockttp/package.json', 'utf8')) as {
      version: string;
    };
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: { mockttp: string };
    };
    expect(devDependencies.mockttp).toBe(version);
    expect(version).toBe('4.6.5');
  });

  it('has the inner servers and the way in that the engine uses', () => {
    const inner = server as unknown as Record<string, unknown>;
    expect(inner['_httpServer']).toHaveProperty('maxHeaderSize');
    expect(inner['_httpServer']).toHaveProperty('keepAliveTimeout');
    expect(inner['tlsListener']).toBeTypeOf('function');
  });

  it('reads the HTTP/1 settings when a connection comes, not when it is made', async () => {
    const inner = (server as unknown as { _httpServer: HttpServer & { maxHeaderSize: number } })._httpServer;
    inner.maxHeaderSize = 100_000;
    inner.keepAliveTimeout = 0;
    const answer = await exchange(
      connect(port, '127.0.0.1'),
      `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'y'.repeat(60_000)}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(answer).not.toMatch(/^(?:date|keep-alive):/im);
  });

  it('serves a TLS socket that we secured, by its ALPN, and knows the socket below it', async () => {
    const socket = tls({ ALPNProtocols: ['http/1.1'] });
    await once(socket, 'secureConnect');
    expect(await exchange(socket, 'GET /tls HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /200/,
    );
    const last = seen.at(-1);
    expect(last).toMatchObject({ url: '/tls', version: '1.1' });
    expect(last?.parent, 'the accepted socket below the TLS one').toHaveProperty('remotePort');
  });

  it('serves a client without ALPN by what it says', async () => {
    const socket = tls({});
    await once(socket, 'secureConnect');
    expect(await exchange(socket, 'GET /no-alpn HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /200/,
    );
  });

  it('serves HTTP/2', async () => {
    const session = connectHttp2('https://a.example', {
      createConnection: () => tls({ ALPNProtocols: ['h2'] }),
    });
    const stream = session.request({ ':path': '/two' });
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);
    stream.resume();
    await once(stream, 'close');
    session.close();
    expect(seen.at(-1)).toMatchObject({ url: '/two', version: '2.0' });
  });

  it('watches over connections that are dropped after the handshake', async () => {
    const socket = tls({ ALPNProtocols: ['http/1.1'] });
    await once(socket, 'secureConnect');
    await sleep(20);
    socket.destroy();
    await expect.poll(() => tlsFailures.length).toBeGreaterThan(0);
    expect(tlsFailures.at(-1)?.cause).toBe('closed');
    expect(getParentSocket(tlsFailures.at(-1)?.socket as TLSSocket)).toBeDefined();
  });

  it('answers CONNECT itself unless its listener is taken away', async () => {
    server.removeAllListeners('connect');
    server.on('connect', (_request: unknown, peer: { end(text: string): void }) => {
      peer.end('HTTP/1.1 418 ours\r\n\r\n');
    });
    const answer = await exchange(connect(port, '127.0.0.1'), 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 418 ours/);
  });
});
