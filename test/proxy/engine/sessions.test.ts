import type { EventEmitter } from 'node:events';
import { constants, type ClientHttp2Session, type ServerHttp2Session, type Settings } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import {
  openEngineScene,
  watch,
  type EngineScene,
  type OriginPort,
} from '../../helpers/http2/engine-scene.ts';

let scene: EngineScene;

afterEach(() => scene.close());

/** The arguments of the next such event; unlike `once` of Node it takes no notice of errors. */
function next(emitter: EventEmitter, event: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    emitter.once(event, (...values: unknown[]) => {
      resolve(values);
    });
  });
}

async function nextSettings(session: ClientHttp2Session): Promise<Settings> {
  const [settings] = (await next(session, 'remoteSettings')) as [Settings];
  return { ...settings };
}

/** The session at the origin, once it has served a first request. */
async function meet(session: ClientHttp2Session): Promise<ServerHttp2Session> {
  const met = new Promise<ServerHttp2Session>((resolve) => {
    scene.serve = (stream) => {
      resolve(stream.session as ServerHttp2Session);
      stream.respond({ ':status': 200 }, { endStream: true });
    };
  });
  await watch(session.request());
  return met;
}

describe('settings', () => {
  it('of the upstream are those that its client gets', async () => {
    scene = await openEngineScene({
      name: 'engine-settings',
      origin: {
        settings: {
          ...{ maxConcurrentStreams: 7, maxHeaderListSize: 30_000, initialWindowSize: 100_000 },
          enableConnectProtocol: true,
        },
      },
    });
    const { without, withProxy } = await scene.compare(443, nextSettings);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ maxConcurrentStreams: 7, enableConnectProtocol: true });
  });

  it('that the upstream does not state are left open, whatever the last one stated', async () => {
    scene = await openEngineScene({ name: 'engine-no-settings' });
    const { without, withProxy } = await scene.compare(80, nextSettings);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ maxConcurrentStreams: 0xffff_ffff, enableConnectProtocol: false });
  });

  it('that change reach the client', async () => {
    scene = await openEngineScene({ name: 'engine-new-settings' });
    const session = await scene.through(443);
    const origin = await meet(session);
    origin.settings({ maxConcurrentStreams: 3 });
    expect(await nextSettings(session)).toMatchObject({ maxConcurrentStreams: 3 });
    session.destroy();
  });
});

it('pings reach the other end', async () => {
  scene = await openEngineScene({ name: 'engine-ping' });
  const session = await scene.through(443);
  const origin = await meet(session);
  const payload = Buffer.from('12345678');
  const heard = next(origin, 'ping');
  session.ping(payload, () => undefined);
  expect((await heard)[0]).toEqual(payload);
  const answered = next(session, 'ping');
  origin.ping(payload, () => undefined);
  expect((await answered)[0]).toEqual(payload);
  session.destroy();
});

describe.each([
  ['TLS', 443],
  ['prior knowledge', 80],
] as [string, OriginPort][])('a pair by %s', (_name, port) => {
  it('ends with its upstream, which sends no more than its goodbye', async () => {
    scene = await openEngineScene({ name: 'engine-goaway' });
    const run = async (session: ClientHttp2Session) => {
      const origin = await meet(session);
      const goaway = next(session, 'goaway');
      const closed = next(session, 'close');
      const held = new Promise<void>((resolve) => {
        scene.serve = (stream) => {
          stream.respond({ ':status': 200 });
          origin.goaway(constants.NGHTTP2_NO_ERROR, stream.id, Buffer.from('bye'));
          // The client's own goodbye.
          origin.once('goaway', () => {
            stream.end('late');
            resolve();
          });
        };
      });
      const ended = watch(session.request({ ':path': '/late' }));
      const [code, last, data] = (await goaway) as [number, number, Buffer];
      await held;
      const { status, body, rstCode } = await ended;
      await closed;
      return { code, last, data: data.toString(), status, body, rstCode };
    };
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toEqual({ code: 0, last: 3, data: 'bye', status: 200, body: 'late', rstCode: 0 });
  });

  it('passes an error of the whole connection on, and refuses what was not looked at', async () => {
    scene = await openEngineScene({ name: 'engine-calm' });
    const run = async (session: ClientHttp2Session) => {
      const origin = await meet(session);
      session.on('error', () => undefined);
      const goaway = next(session, 'goaway');
      const closed = next(session, 'close');
      let streams = 0;
      scene.serve = (stream) => {
        streams += 1;
        if (streams < 2) return;
        origin.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, (stream.id ?? 0) - 2, Buffer.from('calm'));
        // Not while Node reads frames: it corrupts its memory.
        setImmediate(() => {
          origin.destroy();
        });
      };
      const both = [
        watch(session.request({ ':path': '/calm-1' })),
        watch(session.request({ ':path': '/calm-2' })),
      ];
      const [code, last, data] = (await goaway) as [number, number, Buffer];
      const ended = await Promise.all(both);
      await closed;
      return { code, last, data: data.toString(), bodies: ended.map(({ status }) => status) };
    };
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toMatchObject({ code: constants.NGHTTP2_ENHANCE_YOUR_CALM, last: 3, data: 'calm' });
    expect(scene.proxy.exchanges('/calm-2').at(-1)?.error?.message).toContain('REFUSED_STREAM');
  });

  it("passes the client's goodbye on", async () => {
    scene = await openEngineScene({ name: 'engine-client-goaway' });
    const session = await scene.through(port);
    const origin = await meet(session);
    const goaway = next(origin, 'goaway');
    const closed = next(origin, 'close');
    session.goaway(constants.NGHTTP2_NO_ERROR, 0, Buffer.from('bye'));
    expect((await goaway)[2]).toEqual(Buffer.from('bye'));
    session.close();
    await closed;
  });

  it.each(['destroy', 'resetAndDestroy'] as const)('ends as its upstream does: %s', async (end) => {
    scene = await openEngineScene({ name: 'engine-upstream-ends' });
    const run = async (session: ClientHttp2Session) => {
      await meet(session);
      const errors: unknown[] = [];
      session.on('error', ({ code }: NodeJS.ErrnoException) => errors.push(code));
      const closed = next(session, 'close');
      scene.accepted.at(-1)?.[end]();
      await closed;
      return errors;
    };
    const { without, withProxy } = await scene.compare(port, run);
    // Where the origin speaks TLS itself, Node says nothing of the reset to its client.
    if (port === 80) expect(withProxy).toEqual(without);
    expect(withProxy).toEqual(end === 'destroy' ? [] : ['ECONNRESET']);
  });

  it.each(['destroy', 'resetAndDestroy'] as const)('ends as its client does: %s', async (end) => {
    scene = await openEngineScene({ name: 'engine-client-ends' });
    const run = async (session: ClientHttp2Session) => {
      session.on('error', () => undefined);
      const origin = await meet(session);
      const errors: unknown[] = [];
      origin.on('error', ({ code }: NodeJS.ErrnoException) => errors.push(code));
      const closed = next(origin, 'close');
      scene.socketOf(session)[end]();
      await closed;
      return errors;
    };
    const { without, withProxy } = await scene.compare(port, run);
    expect(withProxy).toEqual(without);
    expect(withProxy).toEqual(end === 'destroy' ? [] : ['ECONNRESET']);
  });
});

it('opens no more streams than the upstream allows: the client waits', async () => {
  scene = await openEngineScene({ name: 'engine-narrow', origin: { settings: { maxConcurrentStreams: 2 } } });
  const held: (() => void)[] = [];
  scene.serve = (stream) => {
    stream.respond({ ':status': 200 });
    held.push(() => stream.end('done'));
  };
  const session = await scene.through(443);
  await next(session, 'remoteSettings');
  const ended = [1, 2, 3].map((index) => watch(session.request({ ':path': `/narrow-${index}` })));
  await expect.poll(() => held.length).toBe(2);
  expect(scene.proxy.of('exchange-started')).toHaveLength(2);
  held[0]?.();
  await expect.poll(() => held.length).toBe(3);
  for (const end of held.slice(1)) end();
  expect((await Promise.all(ended)).map(({ body }) => body)).toEqual(['done', 'done', 'done']);
  session.destroy();
});

it('a thousand cancelled streams do not end the connection', async () => {
  scene = await openEngineScene({ name: 'engine-cancels' });
  const session = await scene.through(80);
  let cancelled = 0;
  scene.serve = (stream) => {
    stream.respond({ ':status': 200 });
    stream.write('x');
    stream.once('close', () => (cancelled += 1));
  };
  const cancelOne = async (): Promise<void> => {
    const stream = session.request({ ':path': '/cancelled' });
    stream.on('error', () => undefined);
    await next(stream, 'response');
    stream.close(constants.NGHTTP2_CANCEL);
    await next(stream, 'close');
  };
  for (let round = 0; round < 50; round += 1)
    await Promise.all(Array.from({ length: 20 }, () => cancelOne()));
  await expect.poll(() => cancelled).toBe(1000);
  scene.serve = (stream) => {
    stream.respond({ ':status': 200 });
    stream.end('still here');
  };
  expect((await watch(session.request({ ':path': '/after' }))).body).toBe('still here');
  await expect.poll(() => scene.proxy.exchanges('/cancelled').length).toBe(1000);
  session.destroy();
});
