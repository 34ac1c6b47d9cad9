import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRawScene, rest, type RawScene } from '../../helpers/wire/raw-scene.ts';

let scene: RawScene;
beforeAll(async () => {
  scene = await openRawScene('first-bytes-in-tls');
});
afterAll(() => scene.close());

const passed = () => scene.audited.of('passed-through');

it('a server that speaks first inside of TLS is relayed, and listed', async () => {
  const { client, server } = await scene.tunnel(true);
  const before = passed().length;
  server.write('220 mail ready\r\n');
  await client.hears('220 mail ready\r\n');
  // Also what would be HTTP is part of it now.
  client.write('GET / HTTP/1.1\r\n\r\n');
  await server.hears('GET / HTTP/1.1\r\n\r\n');
  expect(passed().slice(before)).toMatchObject([{ reason: 'not-http-in-tls' }]);
  server.stream.end();
  await client.ends('end');
  client.write('late');
  client.stream.end();
  await server.ends('end');
  expect(server.text).toBe('GET / HTTP/1.1\r\n\r\nlate');
});

it.each([
  ['bytes', Buffer.from([0, 1, 2, 3])],
  ['words without a version', 'EHLO me\r\n'],
  ['a line without blanks', 'AUTH\n'],
  ['TLS once more', Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
])('a client that speaks no HTTP inside of TLS is relayed, and listed: %s', async (_name, bytes) => {
  const { client, server } = await scene.tunnel(true);
  const before = passed().length;
  client.write(bytes);
  await server.hears(Buffer.from(bytes).toString('latin1'));
  server.write('well');
  await client.hears('well');
  expect(passed().slice(before)).toMatchObject([{ reason: 'not-http-in-tls' }]);
  expect(scene.audited.of('exchange-started')).toEqual([]);
  client.socket.resetAndDestroy();
  await server.ends('reset');
});

it('HTTP of a method that is not registered is parsed, however it comes', async () => {
  const { client, server } = await scene.tunnel(true);
  const before = passed().length;
  const text = 'X-LIST_1 /v1/secret HTTP/1.1\r\nHost: origin.test\r\n\r\n';
  for (const letter of text) {
    client.write(letter);
    await new Promise(setImmediate);
  }
  await server.hears(text);
  server.write('HTTP/1.1 204 No Content\r\n\r\n');
  await client.hears('HTTP/1.1 204 No Content\r\n\r\n');
  expect((await scene.exchange('/v1/secret')).request.method).toBe('X-LIST_1');
  expect(passed()).toHaveLength(before);
  client.socket.destroy();
});

it('a client that is slow is waited for', async () => {
  const { client, server } = await scene.tunnel(true);
  await rest();
  client.write('GET /slow HTTP/1.1\r\n\r\n');
  await server.hears('GET /slow HTTP/1.1\r\n\r\n');
  server.write('HTTP/1.1 204 No Content\r\n\r\n');
  await scene.exchange('/slow');
  client.socket.destroy();
});
