import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('h2c-offer');
/** What the origin was sent, request by request. It takes no offer up, as nearly all servers do, but where it is asked to. */
const received: string[] = [];
let origin: Listening;
let audited: AuditedProxy;

beforeAll(async () => {
  const server = createServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (!/\r\n\r\n$|hello$/.test(text) || /^(?:POST[^]*)\r\n\r\n$/.test(text.replace(/0\r\n\r\n$/, '.')))
        return;
      received.push(text);
      text = '';
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
  });
  origin = await listenOnLoopback(server);
  audited = await startAuditedProxy(workspace.directory, { resolve: { 'origin.test:80': origin.port } });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  workspace.remove();
});

it.each([
  ['without a body', []],
  ['with one', ['-d', 'hello']],
  ['with one in a tunnel', ['-p', '-d', 'hello']],
  ['with a chunked one', ['-d', 'hello', '-H', 'Transfer-Encoding: chunked']],
])('an offer of HTTP/2 %s is passed on, and its request is whole', async (name, flags) => {
  const path = `/offer-${encodeURIComponent(name)}`;
  const url = `http://origin.test${path}`;
  const result = await runCommand([
    'curl',
    '-sS',
    '-m',
    '20',
    '--http2',
    '-x',
    audited.url,
    ...flags,
    url,
    url,
  ]);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout.toString()).toBe('okok');
  const sent = received.filter((text) => text.includes(path));
  expect(sent).toHaveLength(2);
  // Curl makes its offer once on a connection.
  expect(sent[0]).toMatch(/Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: /);
  expect(sent.every((text) => text.includes('hello') === flags.length > 0)).toBe(true);
  const exchanges = audited.exchanges(path);
  expect(exchanges.map(({ request }) => request.body.size)).toEqual(flags.length > 0 ? [5, 5] : [0, 0]);
  expect(exchanges.every(({ upgrade }) => upgrade === undefined)).toBe(true);
});

it('an offer that is taken up is recorded as such, and what follows passes', async () => {
  const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
  const server = createServer((socket) => {
    socket.once('data', () => socket.write(switched, () => socket.pipe(socket)));
  });
  const taker = await listenOnLoopback(server);
  const client = connect(audited.proxy.port, '127.0.0.1');
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk';
  client.write(`GET http://127.0.0.1:${taker.port}/taken HTTP/1.1\r\nHost: x\r\n${offer}\r\n\r\n`);
  let heard = '';
  client.on('data', (chunk: Buffer) => {
    if (heard === '') client.end('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    heard += chunk.toString('latin1');
  });
  await once(client, 'close');
  expect(heard).toBe(`${switched}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`);
  await expect
    .poll(() => audited.exchanges('/taken'))
    .toMatchObject([{ response: { status: 101 }, upgrade: { protocol: 'h2c', bytesOut: 24, bytesIn: 24 } }]);
  await taker.close();
});
