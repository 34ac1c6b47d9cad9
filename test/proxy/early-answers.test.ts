import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants, createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { openHttp2, openTunnel } from '../helpers/http2/sessions.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('early-answers');
const authority = createAuthority(workspace.directory);
const leaf = authority.issue({ names: ['origin.test'] });
const listeners: Listening[] = [];
let audited: AuditedProxy;

/** Of the announced 3 MB. */
const ANNOUNCED = 3_000_000;
const SENT = 2_500_000;
const PIECE = Buffer.alloc(50_000, 'x');
const PATIENCE = { timeout: 20_000, interval: 10 };

/** What the origin does once it has read the head of a request, by the path's last part. */
const origins: Record<string, (socket: Socket) => void> = {
  'answers-and-reads': (socket) => socket.write('HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno'),
  'answers-and-stalls': (socket) => {
    socket.write('HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno');
    socket.pause();
  },
  'answers-bodiless-and-stalls': (socket) => {
    socket.write('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n');
    socket.pause();
  },
  'answers-and-closes': (socket) =>
    socket.end('HTTP/1.1 413 Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno'),
  'answers-and-resets': (socket) => {
    socket.write('HTTP/1.1 413 Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno', () => {
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
  },
  'is-silent': () => undefined,
  'is-silent-and-stalls': (socket) => {
    socket.pause();
  },
};
/** The origin's end of each connection, by path. */
const reached = new Map<string, Socket>();

const serve = (socket: Socket): void => {
  let head = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    if (head.includes('\r\n\r\n')) return;
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    const path = head.split(' ')[1] ?? '';
    reached.set(path, socket);
    origins[path.split('/').at(-1) ?? '']?.(socket);
  });
};

/** What the HTTP/2 origin does. */
const streams: Record<string, (stream: ServerHttp2Stream) => void> = {
  'answers-and-stalls': (stream) => {
    stream.respond({ ':status': 401 });
    stream.end('no');
  },
  'answers-and-stops': (stream) => {
    stream.respond({ ':status': 413 });
    stream.end('no', () => {
      stream.close(constants.NGHTTP2_NO_ERROR);
    });
  },
};

beforeAll(async () => {
  const overHttp2 = createSecureServer({ ...leaf, allowHTTP1: false });
  overHttp2.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    streams[String(headers[':path']).split('/').at(-1) ?? '']?.(stream);
  });
  listeners.push(await listenOnLoopback(createServer(serve)), await listenOnLoopback(overHttp2));
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:80': listeners[0]?.port ?? 0, 'origin.test:443': listeners[1]?.port ?? 0 },
  });
});

afterAll(async () => {
  await audited.close();
  await Promise.all(listeners.map((listener) => listener.close()));
  workspace.remove();
});

/** Sends the head of an upload and its first bytes, and waits for the answer where there is one. */
async function upload(path: string, isChunked: boolean, isAnswered: boolean): Promise<Socket> {
  const socket = connect(audited.proxy.port, '127.0.0.1');
  socket.on('error', () => undefined);
  const framing = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${ANNOUNCED}`;
  socket.write(`POST http://origin.test${path} HTTP/1.1\r\nHost: origin.test\r\n${framing}\r\n\r\n`);
  const write = (): void => {
    if (isChunked) socket.write(`${PIECE.length.toString(16)}\r\n`);
    socket.write(PIECE);
    if (isChunked) socket.write('\r\n');
  };
  write();
  if (isAnswered) await once(socket, 'data');
  else await expect.poll(() => reached.has(path), PATIENCE).toBe(true);
  for (let sent = PIECE.length; sent < SENT; sent += PIECE.length) write();
  return socket;
}

/** The one exchange that the journal has of a path. */
async function exchangeOf(path: string) {
  await expect.poll(() => audited.exchanges(path).length, PATIENCE).toBe(1);
  const [exchange] = audited.exchanges(path);
  if (exchange === undefined) throw new Error('no exchange');
  return exchange;
}

const leaves: Record<string, (socket: Socket) => void> = {
  closes: (socket) => socket.destroySoon(),
  'ends its side': (socket) => socket.end(),
  resets: (socket) => socket.resetAndDestroy(),
};

describe.each(Object.keys(origins))('an upload to an origin that %s', (name) => {
  const isAnswered = name.startsWith('answers');

  it.each(
    Object.keys(leaves).flatMap((how) => [
      [how, false],
      [how, true],
    ]) as [string, boolean][],
  )('ends when the client %s (chunked: %s)', async (how, isChunked) => {
    const path = `/${how.replaceAll(' ', '-')}-${isChunked}/${name}`;
    const socket = await upload(path, isChunked, isAnswered);
    leaves[how]?.(socket);
    // What a client says behind all that it sent is heard when that is taken.
    if (name === 'is-silent-and-stalls' && how !== 'resets') reached.get(path)?.resume();
    const { id, request, response, error } = await exchangeOf(path);
    if (isAnswered) {
      const later = () => audited.of('request-body-completed').filter((fact) => fact.id === id);
      reached.get(path)?.resume();
      await expect.poll(later, PATIENCE).toMatchObject([{ body: { complete: false } }]);
    }
    const { size } = request.body;
    expect(request.body).toEqual({
      size,
      complete: false,
      sha256: createHash('sha256').update(Buffer.alloc(size, 'x')).digest('hex'),
    });
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(SENT);
    expect([response?.status, response?.body.complete, error?.code]).toEqual(
      isAnswered ? [expect.any(Number), true, undefined] : [undefined, undefined, 'client-closed'],
    );
    const origin = reached.get(path);
    origin?.resume();
    await expect.poll(() => origin?.destroyed, PATIENCE).toBe(true);
    socket.destroy();
    expect(audited.of('exchange-started').filter((fact) => fact.request.url.includes(path))).toHaveLength(1);
    expect(audited.exchanges(path), 'it is recorded once').toHaveLength(1);
  });
});

it('a client that waits to be told to go on, and does not, has sent nothing', async () => {
  const socket = connect(audited.proxy.port, '127.0.0.1');
  socket.on('error', () => undefined);
  const path = '/expects/answers-and-reads';
  const head = `PUT http://origin.test${path} HTTP/1.1\r\nHost: origin.test\r\nExpect: 100-continue\r\n`;
  socket.write(`${head}Content-Length: ${ANNOUNCED}\r\n\r\n`);
  await once(socket, 'data');
  socket.destroy();
  const { request, response } = await exchangeOf(path);
  expect([request.body, response?.status]).toEqual([{ size: 0, complete: false }, 401]);
});

it('an upload that is answered early and goes on is recorded whole, in a later line', async () => {
  const path = '/whole/answers-and-reads';
  const socket = await upload(path, false, true);
  for (let sent = SENT; sent < ANNOUNCED; sent += PIECE.length) socket.write(PIECE);
  const { id, request } = await exchangeOf(path);
  expect(request.body.complete).toBe(false);
  const later = () => audited.of('request-body-completed').filter((fact) => fact.id === id);
  await expect.poll(later).toMatchObject([{ body: { size: ANNOUNCED } }]);
  expect(later()[0]?.body.complete).toBeUndefined();
  socket.destroy();
});

describe.each(['answers-and-stalls', 'answers-and-stops'])(
  'an HTTP/2 upload to an origin that %s',
  (name) => {
    it.each(['stream', 'session'])('ends when the client closes its %s', async (what) => {
      const path = `/h2-${what}/${name}`;
      const tunnel = await openTunnel({ proxyPort: audited.proxy.port, authority: 'origin.test:443' });
      const session = await openHttp2(tunnel, audited.caFile);
      const stream = session.request({ ':method': 'POST', ':path': path, ':authority': 'origin.test' });
      stream.on('error', () => undefined);
      stream.resume();
      stream.write(PIECE);
      await once(stream, 'response');
      for (let sent = PIECE.length; sent < SENT && !stream.destroyed; sent += PIECE.length)
        stream.write(PIECE);
      if (what === 'stream') stream.close(constants.NGHTTP2_CANCEL);
      else session.destroy();
      const { request, response } = await exchangeOf(path);
      expect(request.body).toMatchObject({ complete: false });
      expect(request.body.size).toBeGreaterThan(0);
      expect(response?.body).toMatchObject({ size: 2, complete: true });
      session.destroy();
    });
  },
);
