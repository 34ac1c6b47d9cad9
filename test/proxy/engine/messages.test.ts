import { once } from 'node:events';
import { constants, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { openEngineScene, watch, type EngineScene } from '../../helpers/http2/engine-scene.ts';

let scene: EngineScene;

afterEach(() => scene.close());

/** The fields of a head as they came, without those that name the place. */
function raw(fields: readonly string[]): string[] {
  return fields.flatMap((name, index) =>
    index % 2 === 0 && !name.startsWith(':') ? [`${name}: ${fields[index + 1] ?? ''}`] : [],
  );
}

describe('fields', () => {
  it('pass as they are, both ways: many, repeated, large, in any bytes, and none is added', async () => {
    scene = await openEngineScene({
      name: 'engine-fields',
      origin: { maxHeaderListPairs: 10_000, maxSendHeaderBlockLength: 1_000_000 },
    });
    const fields: OutgoingHttpHeaders = {
      ...Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`x-field-${index}`, String(index)])),
      ...{
        'x-bytes': 'caf\xe9 \xff',
        'x-twice': ['a', 'b'],
        'x-large': 'y'.repeat(40_000),
        cookie: ['a=1', 'b=2'],
      },
      ...{ 'proxy-authorization': 'Basic eA==', host: 'other.test', 'x-empty': '' },
    };
    const run = async (session: ClientHttp2Session) => {
      const heard = new Promise<string[]>((resolve) => {
        scene.serve = (stream) => {
          stream.respond({ ':status': 407, ...fields, 'proxy-authenticate': 'Basic' }, {
            sendDate: false,
          } as never);
          stream.end('x');
        };
        scene.onHead = (fieldsThatCame) => {
          resolve(raw(fieldsThatCame));
        };
      });
      const stream = session.request({ ':path': '/fields', ...fields });
      const answered = new Promise<string[]>((resolve) => {
        stream.once('response', (_headers, _flags, ...rest) => {
          resolve(raw((rest as unknown as [string[]])[0]));
        });
      });
      const ended = watch(stream);
      return { request: await heard, response: await answered, ended: await ended };
    };
    const { without, withProxy } = await scene.compare(80, run);
    expect(withProxy).toEqual(without);
    const { request, response } = withProxy as { request: string[]; response: string[] };
    expect(request).toContain('proxy-authorization: Basic eA==');
    expect(request.length).toBeGreaterThan(405);
    expect(response).not.toContainEqual(expect.stringMatching(/^date:/));
  });

  it('of interim responses and trailers pass too, both ways', async () => {
    scene = await openEngineScene({ name: 'engine-trailers' });
    const run = async (session: ClientHttp2Session) => {
      let trailersThatCame: unknown;
      scene.serve = (stream) => {
        stream.additionalHeaders({ ':status': 103, link: '</a>' });
        stream.on('trailers', (trailers) => (trailersThatCame = { ...trailers }));
        stream.resume();
        stream.on('end', () => {
          stream.respond({ ':status': 200, 'content-length': '4' }, { waitForTrailers: true });
          stream.once('wantTrailers', () => {
            stream.sendTrailers({ 'x-sum': 'abc' });
          });
          stream.end('body');
        });
      };
      const stream = session.request(
        { ':path': '/trailers', ':method': 'POST', te: 'trailers' },
        { waitForTrailers: true },
      );
      const interim: unknown[] = [];
      stream.on('headers', (headers) => interim.push({ ...headers }));
      stream.once('wantTrailers', () => {
        stream.sendTrailers({ 'x-sent': 'yes' });
      });
      stream.end('question');
      const ended = await watch(stream);
      return { ended, interim, trailersThatCame };
    };
    const { without, withProxy } = await scene.compare(443, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({
      trailersThatCame: { 'x-sent': 'yes' },
      ended: { trailers: { 'x-sum': 'abc' } },
    });
    expect(scene.proxy.exchanges('/trailers').at(-1)?.response?.trailers).toEqual({ 'x-sum': 'abc' });
  });
});

describe('CONNECT', () => {
  const settings = { enableConnectProtocol: true };
  const echo = (): void => {
    scene.serve = (stream) => {
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    };
  };

  async function talk(session: ClientHttp2Session, head: OutgoingHttpHeaders) {
    await once(session, 'remoteSettings');
    const stream = session.request({ ':method': 'CONNECT', ...head }, { endStream: false });
    const ended = watch(stream);
    await once(stream, 'response');
    stream.write('ping ');
    stream.end('pong');
    return ended;
  }

  it('with a protocol is a stream of that protocol, and counted', async () => {
    scene = await openEngineScene({ name: 'engine-websocket', origin: { settings } });
    echo();
    const run = (session: ClientHttp2Session) =>
      talk(session, {
        ':protocol': 'websocket',
        ':path': '/chat',
        ':authority': 'origin.test',
        ':scheme': 'https',
      });
    const { without, withProxy } = await scene.compare(443, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ status: 200, body: 'ping pong', rstCode: 0 });
    await expect
      .poll(() => scene.proxy.exchanges('/chat').at(-1)?.upgrade)
      .toEqual({ protocol: 'websocket', bytesIn: 9, bytesOut: 9 });
  });

  it('without one is a tunnel that passes unread, and is counted', async () => {
    scene = await openEngineScene({ name: 'engine-connect' });
    echo();
    const session = await scene.through(80);
    const ended = await talk(session, { ':authority': 'inner.test:443' });
    expect(ended).toMatchObject({ status: 200, body: 'ping pong', rstCode: 0 });
    await expect
      .poll(() => scene.proxy.of('exchange-completed').at(-1))
      .toMatchObject({
        request: { method: 'CONNECT' },
        names: { connect: 'origin.test', authority: 'inner.test' },
        upgrade: { protocol: 'connect', bytesIn: 9, bytesOut: 9 },
      });
    session.destroy();
  });

  it('hands the tunnel to whoever looks into it', async () => {
    const taken: unknown[] = [];
    scene = await openEngineScene({
      name: 'engine-connect-taken',
      overrides: {
        enterInnerTunnel: ({ client, upstream, authority, connection }) => {
          taken.push({ authority, id: connection.id });
          client.stream.pipe(upstream.stream).pipe(client.stream);
        },
      },
    });
    echo();
    const session = await scene.through(80);
    const ended = await talk(session, { ':authority': 'inner.test:443' });
    expect(ended).toMatchObject({ status: 200, body: 'ping pong', rstCode: 0 });
    expect(taken).toEqual([{ authority: 'inner.test:443', id: 'c1' }]);
    await expect
      .poll(() => scene.proxy.of('exchange-completed').at(-1)?.upgrade)
      .toEqual({ protocol: 'connect', bytesIn: 9, bytesOut: 9 });
    session.destroy();
  });
});

describe('the journal', () => {
  it.each(['exchange-started', 'exchange-completed'])(
    'that cannot take %s ends both connections',
    async (type) => {
      scene = await openEngineScene({
        name: 'engine-journal-fails',
        onFact: (fact) => {
          if (fact.type === type) throw new Error('the disk is full');
        },
      });
      const session = await scene.through(443);
      session.on('error', () => undefined);
      const closed = new Promise((resolve) => session.once('close', resolve));
      const stream = session.request({ ':path': '/unwritten' });
      let hasEnded = false;
      const ended = watch(stream);
      stream.once('end', () => (hasEnded = stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.aborted));
      const { body } = await ended;
      await closed;
      expect(body === 'hello' && hasEnded).toBe(false);
      await expect.poll(() => scene.accepted.at(-1)?.destroyed).toBe(true);
    },
  );

  it('is written before a head and before the end of a response goes on', async () => {
    const waiting: (() => void)[] = [];
    scene = await openEngineScene({
      name: 'engine-order',
      overrides: { afterWritten: (action) => waiting.push(action) },
    });
    let heads = 0;
    scene.serve = (stream) => {
      heads += 1;
      stream.respond({ ':status': 200, 'content-length': '5' });
      stream.end('hello');
    };
    const session = await scene.through(443);
    const stream = session.request({ ':path': '/waits' });
    let received = '';
    stream.on('data', (chunk: Buffer) => (received += chunk.toString()));
    await expect.poll(() => waiting.length).toBe(1);
    expect(heads).toBe(0);
    waiting.shift()?.();
    await expect.poll(() => waiting.length).toBe(1);
    expect(scene.proxy.exchanges('/waits')).toHaveLength(1);
    waiting.shift()?.();
    await once(stream, 'close');
    expect(received).toBe('hello');
    session.destroy();
  });
});

/** A connection that hands over all that has arrived for a while at once, as a busy process reads it. */
function readInLumps(socket: Socket): Duplex {
  let arrived: Buffer[] = [];
  const timer = setInterval(() => {
    if (arrived.length > 0) lumps.push(Buffer.concat(arrived.splice(0)));
  }, 50);
  const lumps = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    destroy(error, done) {
      clearInterval(timer);
      arrived = [];
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => arrived.push(chunk));
  socket.on('close', () => lumps.destroy());
  return lumps;
}

it('what arrives at once goes on in its order, from any kind of stream', async () => {
  scene = await openEngineScene({ name: 'engine-lumps', wrapUpstream: readInLumps });
  const run = async (session: ClientHttp2Session) => {
    const seen: string[] = [];
    scene.serve = (stream) => {
      stream.additionalHeaders({ ':status': 103 });
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.once('wantTrailers', () => {
        stream.sendTrailers({ 'x-late': 'yes' });
      });
      stream.end('body');
    };
    const stream = session.request({ ':path': '/lumps' });
    stream.on('headers', () => seen.push('103'));
    stream.on('response', () => seen.push('200'));
    stream.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    stream.on('trailers', () => seen.push('trailers'));
    stream.on('end', () => seen.push('end'));
    await once(stream, 'close');
    return seen;
  };
  const { without, withProxy } = await scene.compare(80, run);
  expect(withProxy).toEqual(without);
  expect(withProxy).toEqual(['103', '200', 'body', 'trailers', 'end']);
});
