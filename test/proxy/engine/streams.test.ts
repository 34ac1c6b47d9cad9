import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type Http2Server,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEngineProxy, type EngineProxy } from '../../helpers/http2/engine-proxy.ts';
import { openHttp2, openTunnel } from '../../helpers/http2/sessions.ts';
import { createAuthority } from '../../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../../helpers/origin/listening.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';

const workspace = createWorkspace('http2-streams');
const authority = createAuthority(workspace.directory);
const leaf = authority.issue({ names: ['origin.test'] });
const servers: Listening[] = [];
let audited: EngineProxy;
let ports: { secure: number; plain: number; narrow: number };
/** What the origin does with a stream; set by each test. */
let serve: (stream: ServerHttp2Stream, path: string) => void;

/** Connections to the origin, the newest last. */
const accepted: Socket[] = [];

async function start(server: Http2Server): Promise<number> {
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    serve(stream, headers[':path'] ?? '');
  });
  server.on('sessionError', () => undefined);
  server.on('connection', (socket: Socket) => accepted.push(socket));
  const listening = await listenOnLoopback(server);
  servers.push(listening);
  return listening.port;
}

beforeAll(async () => {
  ports = {
    secure: await start(createSecureServer({ ...leaf, maxSessionMemory: 1000 })),
    plain: await start(createServer({ maxSessionMemory: 1000 })),
    narrow: await start(createSecureServer({ ...leaf, settings: { maxConcurrentStreams: 2 } })),
  };
  audited = await startEngineProxy({
    directory: workspace.directory,
    upstreamCa: authority.pem,
    resolve: {
      'origin.test:443': ports.secure,
      'origin.test:80': ports.plain,
      'origin.test:444': ports.narrow,
    },
  });
});

beforeEach(() => {
  serve = (stream) => {
    stream.respond({ ':status': 200 });
    stream.end('hello');
  };
});

afterAll(async () => {
  await audited.close();
  await Promise.all(servers.map((server) => server.close()));
  workspace.remove();
});

/** The sockets below the sessions. */
const sockets = new WeakMap<ClientHttp2Session, Socket>();

async function open(socket: Socket, caFile: string | undefined): Promise<ClientHttp2Session> {
  const session = await openHttp2(socket, caFile);
  sockets.set(session, socket);
  return session;
}

const through = async (port: number): Promise<ClientHttp2Session> =>
  open(
    await openTunnel({ proxyPort: audited.port, authority: `origin.test:${port}` }),
    port === 80 ? undefined : audited.caFile,
  );

const direct = (port: number): Promise<ClientHttp2Session> =>
  port === 80
    ? open(connect(ports.plain, '127.0.0.1'), undefined)
    : open(connect(port === 443 ? ports.secure : ports.narrow, '127.0.0.1'), authority.file);

interface Ended {
  readonly status: number | undefined;
  readonly endsInHead: boolean;
  readonly body: string;
  readonly trailers: OutgoingHttpHeaders;
  readonly rstCode: number | undefined;
}

/** Node's own `close` would end the stream first, which looks like the end of a body. */
function reset(stream: ServerHttp2Stream | ClientHttp2Stream, code: number): void {
  stream.end = () => stream;
  stream.close(code);
}

function watch(stream: ClientHttp2Stream): Promise<Ended> {
  const seen = { status: undefined as number | undefined, endsInHead: false, body: '', trailers: {} };
  stream.on('response', (headers, flags) => {
    seen.status = headers[':status'];
    seen.endsInHead = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  });
  stream.on('trailers', (trailers: OutgoingHttpHeaders) => (seen.trailers = { ...trailers }));
  stream.on('data', (chunk: Buffer) => (seen.body += chunk.toString()));
  stream.on('error', () => undefined);
  return new Promise((resolve) => {
    stream.once('close', () => {
      resolve({ ...seen, rstCode: stream.rstCode });
    });
  });
}

/** The same request without and with the proxy. */
async function compare(port: number, run: (session: ClientHttp2Session) => Promise<unknown>) {
  const results: unknown[] = [];
  for (const session of [await direct(port), await through(port)]) {
    results.push(await run(session));
    session.destroy();
  }
  return { without: results[0], withProxy: results[1] };
}

const last = (path: string) => audited.exchanges(path).at(-1);

describe.each([
  ['TLS', 443],
  ['prior knowledge in a tunnel', 80],
])('HTTP/2 by %s', (_name, port) => {
  it('is audited, not tunnelled', async () => {
    const session = await through(port);
    const { status, body } = await watch(session.request({ ':path': `/seen-${port}` }));
    session.close();
    expect({ status, body }).toEqual({ status: 200, body: 'hello' });
    const exchange = last(`/seen-${port}`);
    expect(exchange?.request.url).toBe(`${port === 80 ? 'http' : 'https'}://origin.test/seen-${port}`);
    expect(exchange?.request.httpVersion).toBe('2');
    expect(exchange?.response?.httpVersion).toBe('2');
    expect(audited.of('passed-through')).toEqual([]);
  });

  it('passes a response that is only a head on as one', async () => {
    serve = (stream) => {
      stream.respond({ ':status': 200, 'grpc-status': '5', 'grpc-message': 'none' }, { endStream: true });
    };
    const run = (session: ClientHttp2Session) => watch(session.request({ ':path': `/head-only-${port}` }));
    const { without, withProxy } = await compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ endsInHead: true, rstCode: 0 });
    const exchange = last(`/head-only-${port}`);
    expect(exchange?.response?.headers['grpc-status']).toBe('5');
    expect(exchange?.response?.body).toMatchObject({ size: 0, complete: true });
  });

  it.each([1, 2, 5, 8, 9, 10, 11, 12])('passes on the upstream reset %i before a head', async (code) => {
    serve = (stream) => {
      stream.close(code);
    };
    const run = (session: ClientHttp2Session) =>
      watch(session.request({ ':path': `/reset-${port}-${code}` }));
    const { without, withProxy } = await compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: undefined, rstCode: code });
    const exchange = last(`/reset-${port}-${code}`);
    expect(exchange?.response).toBeNull();
    expect(exchange?.error).toMatchObject({ code: 'upstream-reset' });
  });

  it.each([2, 7, 8, 11])('passes on the upstream reset %i within a body', async (code) => {
    serve = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('half', () => setTimeout(() => reset(stream, code), 50));
    };
    const run = (session: ClientHttp2Session) => watch(session.request({ ':path': `/cut-${port}-${code}` }));
    const { without, withProxy } = await compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: 200, body: 'half', rstCode: code });
    expect(last(`/cut-${port}-${code}`)?.response?.body).toEqual({
      ...{ size: 4, complete: false, error: 'upstream-reset' },
    });
  });

  it.each([2, 5, 8, 11])('passes on the client reset %i', async (code) => {
    const run = async (session: ClientHttp2Session) => {
      const closed = new Promise((resolve) => {
        serve = (stream) => {
          let body = '';
          let isWhole = false;
          stream.respond({ ':status': 200 });
          stream.write('half');
          stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
          stream.once('end', () => (isWhole = !stream.aborted));
          stream.once('close', () => {
            resolve({ rstCode: stream.rstCode, body, isWhole });
          });
        };
      });
      const stream = session.request({ ':path': `/left-${port}-${code}`, ':method': 'POST' });
      stream.on('error', () => undefined);
      stream.write('part');
      await once(stream, 'data');
      setTimeout(() => {
        reset(stream, code);
      }, 50);
      return closed;
    };
    const { without, withProxy } = await compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toEqual({ rstCode: code, body: 'part', isWhole: false });
    await expect
      .poll(() => last(`/left-${port}-${code}`)?.response?.body)
      .toEqual({
        ...{ size: 4, complete: false, error: 'client-closed' },
      });
  });

  it('does not make a whole request of one whose client died', async () => {
    const run = async (session: ClientHttp2Session) => {
      const closed = new Promise((resolve) => {
        serve = (stream) => {
          let isWhole = false;
          stream.resume();
          stream.once('end', () => (isWhole = !stream.aborted));
          stream.once('close', () => {
            resolve({ rstCode: stream.rstCode, isWhole });
          });
        };
      });
      const stream = session.request({ ':path': `/died-${port}`, ':method': 'POST' });
      stream.on('error', () => undefined);
      stream.write('part', () => setTimeout(() => sockets.get(session)?.destroy(), 50));
      return closed;
    };
    const { without, withProxy } = await compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toEqual({ rstCode: constants.NGHTTP2_CANCEL, isWhole: false });
  });

  it('does not make a whole response of one whose upstream died', async () => {
    serve = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('half', () => setTimeout(() => accepted.forEach((socket) => socket.destroy()), 50));
    };
    const session = await through(port);
    const ended = await watch(session.request({ ':path': `/upstream-died-${port}` }));
    session.close();
    expect(ended).toMatchObject({ status: 200, body: 'half', rstCode: constants.NGHTTP2_INTERNAL_ERROR });
  });

  it('passes on what follows a response that came before the end of its request', async () => {
    const size = 300_000;
    const run = async (session: ClientHttp2Session) => {
      let received = 0;
      const read = new Promise((resolve) => {
        serve = (stream) => {
          stream.respond({ ':status': 200 });
          stream.end('early');
          stream.on('data', (chunk: Buffer) => (received += chunk.length));
          stream.once('end', () => {
            resolve(received);
          });
        };
      });
      const stream = session.request({ ':path': `/early-${port}`, ':method': 'POST' });
      const ended = watch(stream);
      await once(stream, 'end');
      stream.end(Buffer.alloc(size));
      return [await read, await ended];
    };
    const { without, withProxy } = await compare(port, run);
    expect(withProxy).toEqual(without);
    expect((withProxy as unknown[])[0]).toBe(size);
    await expect.poll(() => last(`/early-${port}`)?.request.body.size).toBe(size);
    expect(last(`/early-${port}`)?.response?.body).toMatchObject({ size: 5, complete: true });
  });

  it('tells the client that nobody reads the rest of its request', async () => {
    serve = (stream) => {
      stream.respond({ ':status': 413 });
      stream.end('no', () => {
        stream.close(constants.NGHTTP2_NO_ERROR);
      });
    };
    const run = (session: ClientHttp2Session) => {
      const stream = session.request({ ':path': `/stop-${port}`, ':method': 'POST' });
      stream.write('some');
      return watch(stream);
    };
    const { without, withProxy } = await compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: 413, body: 'no', rstCode: 0 });
    await expect.poll(() => last(`/stop-${port}`)?.response?.body).toMatchObject({ size: 2, complete: true });
  });
});

describe('a request that the upstream did not process', () => {
  /** Fails the first stream in the given way and answers the others with the body that came. */
  function failFirst(fail: (stream: ServerHttp2Stream) => void): () => number {
    let streams = 0;
    serve = (stream) => {
      streams += 1;
      if (streams === 1) {
        fail(stream);
        return;
      }
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    };
    return () => streams;
  }

  const goAway = (code: number) => (stream: ServerHttp2Stream) => {
    const { session, id = 0 } = stream;
    session?.goaway(code, id - 2);
    setTimeout(() => session?.destroy(), 20);
  };
  const ways: [string, (stream: ServerHttp2Stream) => void][] = [
    ['refuses', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
    ['says goodbye to', goAway(constants.NGHTTP2_NO_ERROR)],
    ['says goodbye with an error to', goAway(constants.NGHTTP2_ENHANCE_YOUR_CALM)],
  ];

  it.each(ways)('because it %s it is sent again, with its body, and recorded once', async (name, fail) => {
    const path = `/again-${encodeURIComponent(name)}`;
    const session = await through(443);
    // Node cannot say that it looked at no stream at all.
    await watch(session.request({ ':path': '/before' }));
    const streams = failFirst(fail);
    const stream = session.request({ ':path': path, ':method': 'POST' });
    stream.write('first ');
    setTimeout(() => stream.end('second'), 200);
    expect(await watch(stream)).toMatchObject({ status: 200, body: 'first second', rstCode: 0 });
    session.close();
    expect(streams()).toBe(2);
    expect(audited.exchanges(path)).toHaveLength(1);
    expect(last(path)?.request.body.size).toBe(12);
  });

  it('twice is refused, so that the client may decide', async () => {
    let streams = 0;
    serve = (stream) => {
      streams += 1;
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
    };
    const session = await through(443);
    const ended = await watch(session.request({ ':path': '/refused-twice' }));
    session.close();
    expect(ended).toMatchObject({ status: undefined, rstCode: constants.NGHTTP2_REFUSED_STREAM });
    expect(streams).toBe(2);
    expect(last('/refused-twice')?.error?.message).toContain('REFUSED_STREAM');
  });

  it('but whose body is too large to have been kept is refused', async () => {
    const streams = failFirst((stream) => {
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size >= 100_000) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      });
    });
    const session = await through(443);
    const stream = session.request({ ':path': '/refused-large', ':method': 'POST' });
    stream.write(Buffer.alloc(100_000));
    expect(await watch(stream)).toMatchObject({ rstCode: constants.NGHTTP2_REFUSED_STREAM });
    session.close();
    expect(streams()).toBe(1);
  });

  it('but may have been processed is not repeated', async () => {
    let streams = 0;
    serve = (stream) => {
      streams += 1;
      stream.session?.destroy();
    };
    const session = await through(443);
    const ended = await watch(session.request({ ':path': '/lost', ':method': 'POST' }).end());
    session.close();
    expect(ended.status).toBe(502);
    expect(streams).toBe(1);
  });
});

it('a connection that the upstream closes while it is idle is replaced', async () => {
  const session = await through(443);
  serve = (stream, path) => {
    stream.respond({ ':status': 200 });
    stream.end(path, () => setTimeout(() => stream.session?.destroy(), path === '/idle-1' ? 20 : 1000));
  };
  expect((await watch(session.request({ ':path': '/idle-1' }))).body).toBe('/idle-1');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await watch(session.request({ ':path': '/idle-2', ':method': 'POST' }))).body).toBe('/idle-2');
  session.close();
});

it('long streams up to the limit of the upstream do not hold up other clients', async () => {
  const held: ServerHttp2Stream[] = [];
  serve = (stream, path) => {
    stream.respond({ ':status': 200 });
    if (path === '/watch') held.push(stream);
    else stream.end(path);
  };
  const sessions = [await through(444), await through(444), await through(444)];
  const watches = sessions
    .slice(0, 2)
    .flatMap((session) => [1, 2].map(() => watch(session.request({ ':path': '/watch' }))));
  await expect.poll(() => held.length).toBe(4);
  const [, , other] = sessions;
  expect((await watch((other as ClientHttp2Session).request({ ':path': '/other' }))).body).toBe('/other');
  for (const stream of held) stream.end('done');
  expect((await Promise.all(watches)).map(({ body }) => body)).toEqual(['done', 'done', 'done', 'done']);
  for (const session of sessions) session.close();
});

describe.each([
  ['TLS', 443],
  ['prior knowledge', 80],
])('flow control by %s', (_name, port) => {
  const CHUNK = Buffer.alloc(64 * 1024, 'x');
  const TOTAL = 32 * 1024 * 1024;
  /** Windows and buffers of both hops; what the sockets of the system hold comes on top. */
  const BOUND = 16 * 1024 * 1024;

  /** Writes as long as the other side takes it; resolves when it has been held back for a while. */
  async function fill(stream: ServerHttp2Stream | ClientHttp2Stream): Promise<number> {
    for (let sent = 0; sent < TOTAL; sent += CHUNK.length) {
      if (stream.write(CHUNK)) continue;
      const drained = once(stream, 'drain').then(() => true);
      const isHeld = await Promise.race([
        drained,
        new Promise((resolve) => setTimeout(resolve, 1500, false)),
      ]);
      if (isHeld !== true) return sent;
    }
    return TOTAL;
  }

  it('a slow client holds the upstream back', async () => {
    let sent = -1;
    let rest: ServerHttp2Stream | undefined;
    serve = (stream) => {
      rest = stream;
      stream.respond({ ':status': 200 });
      void fill(stream).then((bytes) => (sent = bytes));
    };
    const session = await through(port);
    const stream = session.request({ ':path': '/slow-client' });
    await once(stream, 'response');
    await expect.poll(() => sent, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(sent).toBeLessThan(BOUND);
    rest?.end();
    let received = 0;
    stream.on('data', (chunk: Buffer) => (received += chunk.length));
    await once(stream, 'end');
    expect(received).toBeGreaterThanOrEqual(sent);
    session.destroy();
  });

  it('a slow upstream holds the client back', async () => {
    let held: ServerHttp2Stream | undefined;
    serve = (stream) => {
      held = stream;
      stream.respond({ ':status': 200 });
    };
    const session = await through(port);
    const stream = session.request({ ':path': '/slow-upstream', ':method': 'POST' });
    const sent = await fill(stream);
    expect(sent).toBeLessThan(BOUND);
    let received = 0;
    held?.on('data', (chunk: Buffer) => (received += chunk.length));
    stream.end();
    if (held !== undefined) await once(held, 'end');
    expect(received).toBeGreaterThanOrEqual(sent);
    session.destroy();
  });

  it('100 streams at once, of which most wait, all come through', async () => {
    const size = 2_000_000;
    serve = (stream) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(size, 'y'));
    };
    const session = await through(port);
    session.setMaxListeners(200);
    const streams = Array.from({ length: 100 }, () => session.request({ ':path': '/hundred' }));
    const sizes = streams.map(async (stream, index) => {
      await once(stream, 'response');
      // The first ones are read last.
      await new Promise((resolve) => setTimeout(resolve, index < 50 ? 1500 : 0));
      let received = 0;
      stream.on('data', (chunk: Buffer) => (received += chunk.length));
      await once(stream, 'end');
      return received;
    });
    expect(new Set(await Promise.all(sizes))).toEqual(new Set([size]));
    session.destroy();
    await expect.poll(() => audited.exchanges('/hundred').length).toBeGreaterThanOrEqual(100);
  });
});
