import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRawScene, rest, type RawScene, type Side } from '../../helpers/wire/raw-scene.ts';

let scene: RawScene;
beforeAll(async () => {
  scene = await openRawScene('plain-requests');
});
afterAll(() => scene.close());

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const base = 'http://origin.test:4000';
const get = (url: string): string => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** Sends a request, the first one to its destination on this connection. */
async function begin(client: Side, request: string, heard: string | RegExp): Promise<Side> {
  const accepted = scene.accept(false);
  client.write(request);
  const server = await accepted;
  await server.hearsOf(heard);
  return server;
}

async function answer(client: Side, server: Side): Promise<void> {
  client.text = server.text = '';
  server.write(ANSWER);
  await client.hears(ANSWER);
}

describe('the head of a plain request', () => {
  it.each([
    [
      'its target becomes a path',
      `GET ${base}/a?b HTTP/1.1\r\nHost: h\r\n\r\n`,
      'GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n',
    ],
    [
      'OPTIONS of a host is of all of it',
      `OPTIONS ${base} HTTP/1.1\r\nHost: h\r\n\r\n`,
      'OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n',
    ],
    [
      'OPTIONS of its root is not',
      `OPTIONS ${base}/ HTTP/1.1\r\nHost: h\r\n\r\n`,
      'OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n',
    ],
    [
      'a Host that lacks is added',
      `GET ${base}/a HTTP/1.0\r\nA:  b \r\n\r\n`,
      'GET /a HTTP/1.0\r\nHost: origin.test:4000\r\nA:  b \r\n\r\n',
    ],
    [
      'what is between the client and the proxy is taken off, and nothing else',
      `GET ${base}/a HTTP/1.1\r\nhOST: h\r\nProxy-Authorization: Basic eA==\r\nTE: x\r\nproxy-connection: keep-alive\r\n` +
        'Connection: keep-alive\r\nProxy-Other: y\r\nKeep-Alive: 5\r\n\r\n',
      'GET /a HTTP/1.1\r\nhOST: h\r\nTE: x\r\nConnection: keep-alive\r\nProxy-Other: y\r\nKeep-Alive: 5\r\n\r\n',
    ],
    [
      'a folded one with all of its lines',
      `GET ${base}/a HTTP/1.1\r\nHost: h\r\nProxy-Authorization: Basic\r\n eA==\r\nX: y\r\n  z\r\n\r\n`,
      'GET /a HTTP/1.1\r\nHost: h\r\nX: y\r\n  z\r\n\r\n',
    ],
  ])('%s', async (_name, request, heard) => {
    const client = await scene.reach('plain');
    const server = await begin(client, request, /\r\n\r\n$/);
    expect(server.text).toBe(heard);
    client.socket.destroy();
  });

  it.each([true, false])('is as it came within a tunnel (TLS: %s)', async (isSecure) => {
    const { client, server } = await scene.tunnel(isSecure);
    const request =
      'GET /tunnelled HTTP/1.0\r\nProxy-Authorization: Basic eA==\r\nProxy-Connection: close\r\n\r\n';
    client.write(request);
    await server.hears(request);
    // An origin may be a proxy, and demand what proxies do.
    const demand =
      'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nKeep-Alive: 5\r\n' +
      'Connection: keep-alive\r\nContent-Length: 0\r\n\r\n';
    server.write(demand);
    await client.hears(demand);
    const exchange = await scene.exchange('/tunnelled', isSecure ? 1 : 2);
    expect(exchange.response).toMatchObject({ status: 407, by: 'upstream' });
    client.socket.destroy();
  });

  it('a 407 of an origin passes', async () => {
    const client = await scene.reach('plain');
    const server = await begin(client, get(`${base}/demand`), '/demand');
    const demand = 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n';
    server.write(demand);
    await client.hears(demand);
    client.socket.destroy();
  });
});

describe('the connections behind a plain one', () => {
  it('that end while nothing is asked of them are dialled anew', async () => {
    const client = await scene.reach('plain');
    for (let round = 0; round < 3; round++) {
      const server = await begin(client, get(`${base}/again-${round}`), `/again-${round}`);
      await answer(client, server);
      if (round % 2 === 0) server.stream.end();
      else server.socket.resetAndDestroy();
      await server.ends(round % 2 === 0 ? 'end' : 'reset');
      await rest();
      expect(client.ending).toBeUndefined();
    }
    expect(scene.audited.exchanges('/again').map(({ error }) => error)).toEqual([null, null, null]);
    client.socket.destroy();
  });

  it('are one for each destination, which are kept', async () => {
    const client = await scene.reach('plain');
    const one = await begin(client, get(`${base}/one`), '/one');
    await answer(client, one);
    const other = await begin(client, get('http://other.test:4000/two'), '/two');
    await answer(client, other);
    client.write(get(`${base}/three`));
    await one.hearsOf('/three');
    await answer(client, one);
    expect(other.text).toBe('');
    other.stream.end();
    await other.ends('end');
    client.write(get(`${base}/four`));
    await one.hearsOf('/four');
    await answer(client, one);
    client.stream.end();
    await one.ends('end');
    await client.ends('end');
  });

  it.each(['end', 'reset'] as const)('that %s with a request unanswered reset their client', async (how) => {
    const client = await scene.reach('plain');
    const server = await begin(client, get(`${base}/unanswered-${how}`), '/unanswered');
    if (how === 'end') server.stream.end();
    else server.socket.resetAndDestroy();
    await client.ends('reset');
    expect(client.text).toBe('');
    const { error, response } = await scene.exchange(`/unanswered-${how}`);
    expect([error?.code, response]).toEqual([
      how === 'end' ? 'upstream-closed-early' : 'upstream-reset',
      null,
    ]);
  });

  it('a kept one that ends with the second request unanswered is not tried again', async () => {
    const client = await scene.reach('plain');
    const server = await begin(client, get(`${base}/kept-1`), '/kept-1');
    await answer(client, server);
    client.write(get(`${base}/kept-2`));
    await server.hearsOf('/kept-2');
    server.stream.end();
    await client.ends('reset');
    expect((await scene.exchange('/kept-2')).error?.code).toBe('upstream-closed-early');
  });

  it('all close with their client', async () => {
    const client = await scene.reach('plain');
    const one = await begin(client, get(`${base}/close-1`), '/close-1');
    await answer(client, one);
    const other = await begin(client, get('http://other.test:4000/close-2'), '/close-2');
    client.socket.resetAndDestroy();
    for (const server of [one, other]) await expect.poll(() => server.ending).toBeDefined();
    expect((await scene.exchange('/close-2')).error?.code).toBe('client-closed');
  });

  it('a request is read when the one before it is answered', async () => {
    const client = await scene.reach('plain');
    const server = await begin(client, get(`${base}/p-1`) + get(`${base}/p-2`), '/p-1');
    await rest();
    expect(server.text).not.toContain('/p-2');
    expect(scene.audited.of('exchange-started').some(({ request }) => request.url.endsWith('/p-2'))).toBe(
      false,
    );
    await answer(client, server);
    await server.hearsOf('/p-2');
    await answer(client, server);
    client.socket.destroy();
  });
});
