import { once } from 'node:events';
import {
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ServerHttp2Stream,
} from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  answerHello,
  openEngineScene,
  reset,
  watch,
  type EngineScene,
  type OriginPort,
} from '../../helpers/http2/engine-scene.ts';

let scene: EngineScene;

beforeAll(async () => {
  scene = await openEngineScene({ name: 'engine-streams' });
});
beforeEach(() => {
  scene.serve = answerHello;
});
afterAll(() => scene.close());

const last = (path: string) => scene.proxy.exchanges(path).at(-1);

describe.each([
  ['TLS', 443],
  ['prior knowledge in a tunnel', 80],
] as [string, OriginPort][])('HTTP/2 by %s', (_name, port) => {
  it('is audited, not tunnelled', async () => {
    const session = await scene.through(port);
    const { status, body } = await watch(session.request({ ':path': `/seen-${port}` }));
    session.close();
    expect({ status, body }).toEqual({ status: 200, body: 'hello' });
    const exchange = last(`/seen-${port}`);
    expect(exchange?.request.url).toBe(`${port === 80 ? 'http' : 'https'}://origin.test/seen-${port}`);
    expect(exchange?.request.httpVersion).toBe('2');
    expect(exchange?.response?.httpVersion).toBe('2');
    expect(scene.proxy.of('passed-through')).toEqual([]);
  });

  it('passes a response that is only a head on as one', async () => {
    scene.serve = (stream) => {
      stream.respond({ ':status': 200, 'grpc-status': '5', 'grpc-message': 'none' }, { endStream: true });
    };
    const run = (session: ClientHttp2Session) => watch(session.request({ ':path': `/head-only-${port}` }));
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ endsInHead: true, rstCode: 0 });
    const exchange = last(`/head-only-${port}`);
    expect(exchange?.response?.headers['grpc-status']).toBe('5');
    expect(exchange?.response?.body).toMatchObject({ size: 0, complete: true });
  });

  it.each([1, 2, 5, 8, 9, 10, 11, 12])('passes on the upstream reset %i before a head', async (code) => {
    scene.serve = (stream) => {
      stream.close(code);
    };
    const run = (session: ClientHttp2Session) =>
      watch(session.request({ ':path': `/reset-${port}-${code}` }));
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: undefined, rstCode: code });
    const exchange = last(`/reset-${port}-${code}`);
    expect(exchange?.response).toBeNull();
    expect(exchange?.error).toMatchObject({ code: 'upstream-reset' });
  });

  it.each([2, 7, 8, 11])('passes on the upstream reset %i within a body', async (code) => {
    scene.serve = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('half', () => setTimeout(() => reset(stream, code), 50));
    };
    const run = (session: ClientHttp2Session) => watch(session.request({ ':path': `/cut-${port}-${code}` }));
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: 200, body: 'half', rstCode: code });
    expect(last(`/cut-${port}-${code}`)?.response?.body).toEqual({
      ...{ size: 4, complete: false, error: 'upstream-reset' },
    });
  });

  it.each([2, 5, 8, 11])('passes on the client reset %i', async (code) => {
    const run = async (session: ClientHttp2Session) => {
      const closed = new Promise((resolve) => {
        scene.serve = (stream) => {
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
    const { without, withProxy } = await scene.compare(port, run);
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
        scene.serve = (stream) => {
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
      stream.write('part', () => setTimeout(() => scene.socketOf(session).destroy(), 50));
      return closed;
    };
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toEqual({ rstCode: constants.NGHTTP2_CANCEL, isWhole: false });
  });

  it('does not make a whole response of one whose upstream died', async () => {
    scene.serve = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('half', () => setTimeout(() => scene.accepted.forEach((socket) => socket.destroy()), 50));
    };
    const run = (session: ClientHttp2Session) =>
      watch(session.request({ ':path': `/upstream-died-${port}` }));
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: 200, body: 'half', rstCode: constants.NGHTTP2_CANCEL });
    expect(last(`/upstream-died-${port}`)?.response?.body).toMatchObject({ size: 4, complete: false });
  });

  it('passes on what follows a response that came before the end of its request', async () => {
    const size = 300_000;
    const run = async (session: ClientHttp2Session) => {
      let received = 0;
      const read = new Promise((resolve) => {
        scene.serve = (stream) => {
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
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect((withProxy as unknown[])[0]).toBe(size);
    const exchange = last(`/early-${port}`);
    expect(exchange?.request.body).toEqual({ size: 0, complete: false });
    expect(exchange?.response?.body).toMatchObject({ size: 5, complete: true });
    await expect
      .poll(() => scene.proxy.of('request-body-completed').find(({ id }) => id === exchange?.id)?.body)
      .toEqual({ size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('tells the client that nobody reads the rest of its request', async () => {
    scene.serve = (stream) => {
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
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: 413, body: 'no', rstCode: 0 });
    await expect.poll(() => last(`/stop-${port}`)?.response?.body).toMatchObject({ size: 2, complete: true });
  });
});

it.each([
  ['refuses it', (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM)],
  [
    'redirects it to another connection',
    (stream: ServerHttp2Stream) => stream.respond({ ':status': 421 }, { endStream: true }),
  ],
])('a request whose upstream %s is sent once: its client may repeat it', async (name, answer) => {
  let streams = 0;
  scene.serve = (stream) => {
    streams += 1;
    answer(stream);
  };
  const path = `/again-${encodeURIComponent(name)}`;
  const run = (session: ClientHttp2Session) =>
    watch(session.request({ ':path': path, ':method': 'POST' }).end('a'));
  const { without, withProxy } = await scene.compare(443, run);
  expect(withProxy).toEqual(without);
  expect(streams).toBe(2);
  expect(scene.proxy.exchanges(path)).toHaveLength(1);
});

describe.each([
  ['TLS', 443],
  ['prior knowledge', 80],
] as [string, OriginPort][])('flow control by %s', (_name, port) => {
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
    scene.serve = (stream) => {
      rest = stream;
      stream.respond({ ':status': 200 });
      void fill(stream).then((bytes) => (sent = bytes));
    };
    const session = await scene.through(port);
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
    scene.serve = (stream) => {
      held = stream;
      stream.respond({ ':status': 200 });
    };
    const session = await scene.through(port);
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
    scene.serve = (stream) => {
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(size, 'y'));
    };
    const session = await scene.through(port);
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
    await expect.poll(() => scene.proxy.exchanges('/hundred').length).toBeGreaterThanOrEqual(100);
  });
});
