import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRawScene, PATIENCE, rest, type RawScene, type Side } from '../../helpers/wire/raw-scene.ts';

let scene: RawScene;
beforeAll(async () => {
  scene = await openRawScene('odd-responses');
});
afterAll(() => scene.close());

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: origin.test\r\n\r\n`;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const REFUSED = 'HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n';
const expecting = (target: string, length: number): string =>
  `POST ${target} HTTP/1.1\r\nHost: origin.test\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;
const unparsed = () => scene.audited.of('passed-through').filter(({ reason }) => reason === 'unparsed');

async function ask(client: Side, server: Side, request: string, answer: string): Promise<void> {
  client.text = server.text = '';
  client.write(request);
  await server.hears(request);
  server.write(answer);
  await client.hears(answer);
}

describe('after an Expect that was refused', () => {
  it('a body is one, and the next request is read', async () => {
    const { client, server } = await scene.tunnel();
    await ask(client, server, expecting('/refused-body', 40), REFUSED);
    const body = get('/looks-like-a-head').padEnd(40, ' ').slice(0, 40);
    await ask(client, server, body + get('/next'), ANSWER);
    expect((await scene.exchange('/refused-body')).response?.status).toBe(417);
    expect((await scene.exchange('/next')).response?.body.size).toBe(5);
    expect(scene.audited.exchanges('/looks-like-a-head')).toEqual([]);
    client.socket.destroy();
  });

  it('a new head is not guessed as one: its response belongs to no request, and the pair is opaque', async () => {
    const { client, server } = await scene.tunnel();
    const before = unparsed().length;
    await ask(client, server, expecting('/refused-head', 400), REFUSED);
    await ask(client, server, get('/not-a-request-to-us'), ANSWER);
    expect(unparsed().slice(before)).toMatchObject([{ detail: 'response-without-request' }]);
    expect(scene.audited.exchanges('/not-a-request-to-us')).toEqual([]);
    client.stream.end();
    await server.ends('end');
    server.stream.end();
    await client.ends('end');
  });

  it('a new head on a plain proxy connection ends that', async () => {
    const accepted = scene.accept(false);
    const client = await scene.reach('plain');
    client.write(expecting('http://origin.test:4000/refused-plain', 400));
    const server = await accepted;
    await server.hearsOf('POST /refused-plain');
    server.write(REFUSED);
    await client.hears(REFUSED);
    client.write('GET http://origin.test:4000/second HTTP/1.1\r\n\r\n');
    await server.hearsOf('GET http');
    server.write(ANSWER);
    await expect.poll(() => client.ending, PATIENCE).toBeDefined();
    expect(client.text).toBe(REFUSED);
    expect(scene.audited.exchanges('/second')).toEqual([]);
  });
});

describe('a response while no request is outstanding', () => {
  it.each([true, false])('passes on, and no later digest is booked (TLS: %s)', async (isSecure) => {
    const { client, server } = await scene.tunnel(isSecure);
    const before = unparsed().length;
    await ask(client, server, get(`/asked-${isSecure}`), ANSWER);
    client.text = '';
    server.write(ANSWER);
    await client.hears(ANSWER);
    expect(unparsed().slice(before)).toMatchObject([{ detail: 'response-without-request' }]);
    await ask(client, server, get(`/later-${isSecure}`), ANSWER);
    await ask(client, server, get(`/last-${isSecure}`), ANSWER);
    expect((await scene.exchange(`/asked-${isSecure}`)).response?.body).toHaveProperty('sha256');
    for (const path of [`/later-${isSecure}`, `/last-${isSecure}`]) {
      const exchange = await scene.exchange(path);
      expect(exchange.unparsed?.reason).toContain('cannot be parsed');
      expect(exchange.response?.body ?? {}).not.toHaveProperty('sha256');
    }
    expect(unparsed()).toHaveLength(before + 1);
    client.socket.destroy();
  });

  it('left over behind an answer without a body is none of the next request', async () => {
    const { client, server } = await scene.tunnel();
    const answer = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello';
    await ask(client, server, get('/left-over'), answer);
    await ask(client, server, get('/behind'), ANSWER);
    expect((await scene.exchange('/left-over')).response?.status).toBe(304);
    expect((await scene.exchange('/behind')).unparsed).toBeDefined();
    client.socket.destroy();
  });

  it('that is a 408 followed by the end is only noted', async () => {
    const { client, server } = await scene.tunnel();
    const before = unparsed().length;
    const timeout = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    await ask(client, server, get('/before-408'), ANSWER);
    client.text = '';
    server.write(timeout);
    server.stream.end();
    await client.hears(timeout);
    await client.ends('end');
    expect(unparsed()).toHaveLength(before);
    client.socket.destroy();
  });

  it('on a plain proxy connection does not reach the client, whose next request dials anew', async () => {
    const first = scene.accept(false);
    const client = await scene.reach('plain');
    const asked = 'GET http://origin.test:4000/plain HTTP/1.1\r\nHost: origin.test:4000\r\n\r\n';
    client.write(asked);
    const server = await first;
    await server.hearsOf('/plain');
    server.write(ANSWER);
    await client.hears(ANSWER);
    server.write(ANSWER);
    await expect.poll(() => server.ending, PATIENCE).toBeDefined();
    await rest();
    expect(client.text).toBe(ANSWER);
    const second = scene.accept(false);
    client.write(asked);
    const other = await second;
    await other.hearsOf('/plain');
    other.write(ANSWER);
    await client.hears(ANSWER + ANSWER);
    client.socket.destroy();
  });
});

describe('a response that readers take differently', () => {
  const odd = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';

  it('passes as it comes; requests stay parsed, and none of them has a digest', async () => {
    const { client, server } = await scene.tunnel(true);
    await ask(client, server, get('/odd-one'), odd);
    await ask(client, server, `POST /odd-two HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc`, ANSWER);
    const first = await scene.exchange('/odd-one');
    expect(first.response?.status).toBe(200);
    expect(first.unparsed?.reason).toBe('Content-Length beside Transfer-Encoding');
    const second = await scene.exchange('/odd-two');
    expect(second.unparsed).toBeDefined();
    expect(second.response).toBeNull();
    client.socket.destroy();
  });

  it('ends a plain proxy connection with it', async () => {
    const accepted = scene.accept(false);
    const client = await scene.reach('plain');
    client.write(
      `GET http://origin.test:4000/odd-plain HTTP/1.1\r\n\r\n${get('http://origin.test:4000/no')}`,
    );
    const server = await accepted;
    await server.hearsOf('/odd-plain');
    server.write(odd);
    server.stream.end();
    await client.hears(odd);
    await client.ends('end');
    expect((await scene.exchange('/odd-plain')).unparsed).toBeDefined();
    expect(scene.audited.exchanges('4000/no')).toEqual([]);
  });
});
