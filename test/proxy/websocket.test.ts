import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer, type ClientOptions } from 'ws';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { openTunnel } from '../helpers/http2/sessions.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { webSocketCases, type WebSocketCase } from '../helpers/websocket/cases.ts';

const workspace = createWorkspace('websocket');
const authority = createAuthority(workspace.directory);
const listeners: Listening[] = [];
let audited: AuditedProxy;
let ports: { ws: number; wss: number };
/** How the connections of the server ended, by path. */
const ended = new Map<string, string>();

function serve(socket: WebSocket, path: string): void {
  socket.on('error', () => undefined);
  socket.on('close', (code, reason) => ended.set(path, `${code} ${reason.toString()}`));
  if (path.startsWith('/close')) socket.close(4001, 'as you wished');
  else if (path.startsWith('/flood')) flood(socket, 40);
  else if (path.startsWith('/slow')) {
    socket.pause();
    setTimeout(() => {
      socket.resume();
    }, 1500);
    socket.on('message', (data: Buffer) => {
      socket.send(String(data.length));
    });
  } else socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
}

/** Many megabytes as fast as they can be written, then the end. */
function flood(socket: WebSocket, megabytes: number): void {
  for (let index = 0; index < megabytes; index += 1) socket.send(Buffer.alloc(1024 * 1024, index));
  socket.close(1000);
}

beforeAll(async () => {
  const servers = {
    ws: createServer(),
    wss: createSecureServer(authority.issue({ names: ['origin.test'] })),
  };
  for (const server of Object.values(servers)) {
    const handler = new WebSocketServer({
      server,
      perMessageDeflate: { threshold: 64 },
      handleProtocols: (offered) => [...offered].find((name) => name.startsWith('known')) ?? false,
      maxPayload: 32 * 1024 * 1024,
    });
    handler.on('connection', (socket, request) => {
      serve(socket, request.url ?? '');
    });
  }
  const listening = {
    ws: await listenOnLoopback(servers.ws),
    wss: await listenOnLoopback(servers.wss),
  };
  listeners.push(...Object.values(listening));
  ports = { ws: listening.ws.port, wss: listening.wss.port };
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:80': ports.ws, 'origin.test:443': ports.wss },
  });
});

afterAll(async () => {
  await audited.close();
  await Promise.all(listeners.map((listener) => listener.close()));
  workspace.remove();
});

type Way = 'ws' | 'wss' | 'ws, absolute form';

async function reach(way: Way, isDirect: boolean): Promise<Socket> {
  const isSecure = way === 'wss';
  let socket: Socket;
  if (isDirect) socket = connect(isSecure ? ports.wss : ports.ws, '127.0.0.1');
  else if (way === 'ws, absolute form') socket = connect(audited.proxy.port, '127.0.0.1');
  else
    socket = await openTunnel({
      proxyPort: audited.proxy.port,
      authority: `origin.test:${isSecure ? 443 : 80}`,
    });
  if (!isSecure) return socket;
  const ca = readFileSync(isDirect ? authority.file : audited.caFile);
  return connectTls({ socket, servername: 'origin.test', ca, ALPNProtocols: ['http/1.1'] });
}

/** All that the server sends to a client that sends exactly these bytes. */
async function transcribe(socket: Socket, url: string, { bytes, chop, extensions }: WebSocketCase) {
  const offer = extensions === undefined ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write(
    `GET ${url} HTTP/1.1\r\nHost: origin.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${offer}` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const chunks: Buffer[] = [];
  let isOpen = false;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (isOpen) return;
    isOpen = true;
    for (let at = 0; at < bytes.length; at += chop ?? bytes.length)
      socket.write(bytes.subarray(at, at + (chop ?? bytes.length)));
  });
  await once(socket, 'close');
  const all = Buffer.concat(chunks);
  const end = all.indexOf('\r\n\r\n') + 4;
  const head = all.toString('latin1', 0, end).toLowerCase().split('\r\n').sort().join('\n');
  const frames = all.subarray(end);
  const digest = createHash('sha256').update(frames).digest('hex');
  return { head, size: frames.length, start: frames.toString('hex', 0, 100), digest };
}

describe.each<Way>(['ws', 'wss', 'ws, absolute form'])('WebSocket frames by %s', (way) => {
  // By the absolute form only the handshake differs.
  const cases = webSocketCases.filter((_, index) => way !== 'ws, absolute form' || index % 5 === 0);
  it.each(cases)('$name', async (one) => {
    const base = way === 'ws, absolute form' ? 'http://origin.test' : '';
    const path = `/echo/${encodeURIComponent(`${way} ${one.name}`)}`;
    const [without, withProxy] = await Promise.all([
      transcribe(await reach(way, true), path, one),
      transcribe(await reach(way, false), `${base}${path}`, one),
    ]);
    expect(withProxy).toEqual(without);
    expect(withProxy.head).toMatch(one.isRefused === true ? /http\/1\.1 400/ : /http\/1\.1 101/);
  });
});

describe.each<'ws' | 'wss'>(['ws', 'wss'])('a WebSocket client by %s', (scheme) => {
  async function open(path: string, isDirect = false, protocols: string[] = [], options: ClientOptions = {}) {
    const transport = await reach(scheme, isDirect);
    const socket = new WebSocket(`${scheme}://origin.test${path}`, protocols, {
      ...options,
      createConnection: () => transport,
    });
    socket.on('error', () => undefined);
    return { socket, transport };
  }

  it.each([true, false])('agrees on the same subprotocol and extensions (direct: %s)', async (isDirect) => {
    const { socket } = await open('/echo/agree', isDirect, ['other', 'known.v2', 'known.v1']);
    await once(socket, 'open');
    expect([socket.protocol, socket.extensions]).toEqual(['known.v2', 'permessage-deflate']);
    socket.close();
    await once(socket, 'close');
  });

  it('is told the close code and reason of the server, and the server those of the client', async () => {
    const { socket } = await open(`/close/${scheme}`);
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4001, 'as you wished']);
    const path = `/echo/bye-${scheme}`;
    const other = await open(path);
    await once(other.socket, 'open');
    other.socket.close(3456, 'good bye');
    await once(other.socket, 'close');
    await expect.poll(() => ended.get(path)).toBe('3456 good bye');
  });

  it('that dies is gone for the server too', async () => {
    const path = `/echo/dies-${scheme}`;
    const { socket, transport } = await open(path);
    await once(socket, 'open');
    transport.destroy();
    await expect.poll(() => ended.get(path)).toBe('1006 ');
    await expect.poll(() => audited.exchanges(path)).toHaveLength(1);
  });

  it('gets all of what a server sends that closes at once, and slows it down', async () => {
    const path = `/flood/${scheme}`;
    const { socket, transport } = await open(path, false, [], { perMessageDeflate: false });
    await once(socket, 'open');
    transport.pause();
    setTimeout(() => transport.resume(), 1500);
    let size = 0;
    socket.on('message', (data: Buffer) => (size += data.length));
    const [code] = (await once(socket, 'close')) as [number];
    expect({ size, code }).toEqual({ size: 40 * 1024 * 1024, code: 1000 });
    await expect.poll(() => audited.exchanges(path)).toHaveLength(1);
    const [exchange] = audited.exchanges(path);
    expect(exchange?.upgrade?.bytesIn).toBeGreaterThan(40 * 1024 * 1024);
  });

  it('is held back by a server that does not read', async () => {
    const path = `/slow/${scheme}`;
    const { socket } = await open(path, false, [], { perMessageDeflate: false });
    await once(socket, 'open');
    const messages = 12;
    const size = messages * 8 * 1024 * 1024;
    const answers: string[] = [];
    socket.on('message', (data: Buffer) => {
      answers.push(data.toString());
      if (answers.length === messages) socket.close();
    });
    for (let index = 0; index < messages; index += 1) socket.send(Buffer.alloc(size / messages));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    // The rest is in the buffers of four sockets of the system.
    expect(socket.bufferedAmount).toBeGreaterThan(size / 2);
    await once(socket, 'close');
    expect(answers).toEqual(Array(messages).fill(String(size / messages)));
    await expect.poll(() => audited.exchanges(path)[0]?.upgrade?.bytesOut).toBeGreaterThan(size);
  });
});
