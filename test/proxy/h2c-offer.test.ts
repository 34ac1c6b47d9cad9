import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('h2c-offer');
/** What the origin was sent, connection by connection. It takes no offer up, as nearly all servers do. */
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
])('an offer of HTTP/2 %s is not passed on, and its request is whole', async (name, flags) => {
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
  expect(sent.join('')).not.toMatch(/upgrade|http2-settings/i);
  expect(sent.every((text) => text.includes('hello') === flags.length > 0)).toBe(true);
  const exchanges = audited.exchanges(path);
  expect(exchanges.map(({ request }) => request.body.size)).toEqual(flags.length > 0 ? [5, 5] : [0, 0]);
  expect(exchanges.every(({ upgrade }) => upgrade === undefined)).toBe(true);
});
