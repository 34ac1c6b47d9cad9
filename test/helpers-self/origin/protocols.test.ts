import { connect as connectH2 } from 'node:http2';
import { request } from 'node:https';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '../../helpers/origin/authority.ts';
import type { Authority } from '../../helpers/origin/authority.ts';
import { startOrigin } from '../../helpers/origin/origin.ts';
import type { Origin } from '../../helpers/origin/origin.ts';
import { resolveArguments } from '../../helpers/origin/proxaudit-arguments.ts';
import { randomDigest, sha256 } from '../../helpers/origin/random.ts';
import { runCommand } from '../../helpers/origin/run-command.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';

const workspace = createWorkspace('protocols');
let authority: Authority;
let origin: Origin;
beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
});
afterAll(async () => {
  await origin.close();
  workspace.remove();
});

const curl = (path: string, ...args: string[]) => {
  const place = ['--cacert', authority.file, '--resolve', `origin.test:443:127.0.0.1`];
  const connectTo = `origin.test:443:127.0.0.1:${origin.ports.https}`;
  return runCommand([
    'curl',
    '-sS',
    ...place,
    '--connect-to',
    connectTo,
    ...args,
    `https://origin.test${path}`,
  ]);
};

test.each([
  ['--http1.1', '1.1'],
  ['--http2', '2'],
])('curl %s over TLS by the test authority', async (option, version) => {
  const path = `/stream/500000/curl-${version}`;
  const { stdout, stderr } = await curl(path, option);
  expect(stderr).toBe('');
  expect(sha256(stdout)).toBe(randomDigest(500_000, `curl-${version}`));
  await origin.settled();
  const observed = origin.log.find((entry) => entry.path === path);
  const responseBody = { size: 500_000, sha256: sha256(stdout), complete: true };
  expect(observed).toMatchObject({
    scheme: 'https',
    host: 'origin.test',
    httpVersion: version,
    responseBody,
  });
  const connection = origin.connections.find(({ id }) => id === observed?.connection);
  expect(connection).toMatchObject({ sni: 'origin.test', alpn: version === '2' ? 'h2' : 'http/1.1' });
});

test('HTTP/2 carries trailers, early hints and uploads', async () => {
  const session = connectH2(`https://127.0.0.1:${origin.ports.https}`, { ca: authority.pem });
  const trailers = session.request({ ':path': '/trailers/100/h2' });
  trailers.resume();
  const [fields] = (await once(trailers, 'trailers')) as [Record<string, string>];
  expect(fields).toMatchObject({ 'x-checksum': 'abc123' });
  const upload = session.request({ ':path': '/echo', ':method': 'POST' });
  upload.end('twelve bytes');
  let answer = '';
  for await (const chunk of upload.setEncoding('utf8')) answer += String(chunk);
  expect(JSON.parse(answer)).toMatchObject({ size: 12, httpVersion: '2' });
  session.close();
  await origin.settled();
});

test('https1 offers no HTTP/2', async () => {
  const socket = connect({ port: origin.ports.https1, ca: authority.pem, ALPNProtocols: ['h2', 'http/1.1'] });
  await once(socket, 'secureConnect');
  expect(socket.alpnProtocol).toBe('http/1.1');
  socket.destroy();
});

test.each(['http', 'https'] as const)('WebSocket over %s', async (scheme) => {
  const url = `${scheme.replace('http', 'ws')}://127.0.0.1:${origin.ports[scheme]}/ws/echo`;
  const socket = new WebSocket(url, { ca: authority.pem });
  await once(socket, 'open');
  socket.send(`over ${scheme}`);
  const [message] = (await once(socket, 'message')) as [Buffer];
  expect(message.toString()).toBe(`over ${scheme}`);
  socket.close();
  await once(socket, 'close');
  expect(origin.webSockets.messages.map(({ data }) => data)).toContain(`over ${scheme}`);
});

test('an upgrade to a protocol of our own', async () => {
  const headers = { connection: 'Upgrade', upgrade: 'shout' };
  const asked = request({ port: origin.ports.https1, path: '/', headers, ca: authority.pem });
  asked.end();
  const [, socket] = (await once(asked, 'upgrade')) as [unknown, NodeJS.ReadWriteStream];
  socket.on('error', () => undefined);
  socket.write('quiet');
  const [loud] = (await once(socket, 'data')) as [Buffer];
  expect(loud.toString()).toBe('QUIET');
  socket.end();
});

test('an offer of h2c is left aside', async () => {
  const url = `http://127.0.0.1:${origin.ports.http}/random/5000/offer`;
  const { stdout } = await runCommand(['curl', '-sS', '--http2', url]);
  expect(sha256(stdout)).toBe(randomDigest(5000, 'offer'));
  await origin.settled();
  const observed = origin.log.find(({ path }) => path === '/random/5000/offer');
  expect(observed).toMatchObject({ status: 200, httpVersion: '1.1', responseBody: { complete: true } });
});

test('proxaudit is told where each scheme lives', () => {
  expect(resolveArguments('origin.test', origin)).toContain(
    `origin.test:443=127.0.0.1:${origin.ports.https}`,
  );
});
