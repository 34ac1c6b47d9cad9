import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutIntoSegments } from '../../fuzz/http1/generate.ts';
import { Random } from '../../fuzz/http1/random.ts';
import { openRawScene, PATIENCE, type RawScene, type Side } from '../../helpers/wire/raw-scene.ts';

/** Messages that were changed or refused once, or whose like was. */
let scene: RawScene;
beforeAll(async () => {
  scene = await openRawScene('reported-messages');
});
afterAll(() => scene.close());

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
/** The lines of a message, its body last. */
const message = (...lines: string[]): string => lines.join('\r\n');

interface Sent {
  /** From its second line on. */
  readonly fields?: string;
  readonly method?: string;
  readonly response?: string;
  /** Why it cannot be parsed. */
  readonly unparsed?: string;
  readonly oddities?: readonly string[];
}

const requests: readonly (readonly [string, Sent])[] = [
  ...[
    'MKCOL',
    'COPY',
    'MOVE',
    'PROPFIND',
    'QUERY',
    'REPORT',
    'LIST',
    'PURGE',
    'X-Own_1',
    'POST',
    'DELETE',
  ].map((method): [string, Sent] => [`${method} without a body`, { method }]),
  ['a GET with a body', { fields: message('Content-Length: 2', '', 'hi') }],
  [
    'a coding before the chunks',
    { method: 'POST', fields: message('Transfer-Encoding: gzip, chunked', '', '2', 'hi', '0', '', '') },
  ],
  [
    'trailers, and chunk extensions',
    {
      method: 'POST',
      fields: message(
        'Trailer: X-Sum',
        'Transfer-Encoding: chunked',
        '',
        '2;a=b',
        'hi',
        '0',
        'X-Sum: 1',
        '',
        '',
      ),
    },
  ],
  [
    'Keep-Alive and Connection',
    { fields: message('Connection: keep-alive, Keep-Alive', 'Keep-Alive: timeout=5', '', '') },
  ],
  [
    'fields in any spelling',
    { fields: message('aCCept:*/*', 'X-Empty:', 'X-Obs: caf\xe9', 'x-empty:  \t', '', '') },
  ],
  ['Content-Length 0', { fields: message('Content-Length: 0', '', '') }],
];

const responses: readonly (readonly [string, Sent])[] = [
  [
    'Trailer beside Content-Length',
    { response: message('HTTP/1.1 200 OK', 'Trailer: X-Sum', 'Content-Length: 2', '', 'ok') },
  ],
  [
    'Content-Length beside chunks',
    {
      response: message(
        'HTTP/1.1 200 OK',
        'Content-Length: 2',
        'Transfer-Encoding: chunked',
        '',
        '2',
        'ok',
        '0',
        '',
        '',
      ),
      unparsed: 'Content-Length beside Transfer-Encoding',
    },
  ],
  [
    'the same Content-Length twice',
    {
      response: message('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 2', '', 'ok'),
      oddities: ['same-content-length-twice'],
    },
  ],
  [
    'a folded line',
    {
      response: message('HTTP/1.1 200 OK', 'X-Folded: a', ' b', 'Content-Length: 2', '', 'ok'),
      oddities: ['folded-line'],
    },
  ],
  [
    'a blank before the colon',
    {
      response: message('HTTP/1.1 200 OK', 'X-Blank : a', 'Content-Length: 2', '', 'ok'),
      oddities: ['space-before-colon'],
    },
  ],
  [
    'control characters in a value',
    {
      response: message('HTTP/1.1 200 OK', 'X-Control: a\x01\x7fb', 'Content-Length: 2', '', 'ok'),
      oddities: ['control-character'],
    },
  ],
  ['bare line feeds', { response: 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', oddities: ['bare-lf'] }],
  [
    'a coding before the chunks',
    { response: message('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked', '', '2', 'ok', '0', '', '') },
  ],
  ['no reason', { response: message('HTTP/1.1 200', 'Content-Length: 2', '', 'ok') }],
  ['an empty reason', { response: message('HTTP/1.1 200 ', 'Content-Length: 2', '', 'ok') }],
  ['an own reason', { response: message('HTTP/1.1 200 Sehr gut', 'Content-Length: 2', '', 'ok') }],
  [
    'Keep-Alive, Proxy-Authenticate and Connection',
    {
      response: message(
        ...[
          'HTTP/1.1 200 OK',
          'Keep-Alive: timeout=5',
          'Proxy-Authenticate: Basic',
          'Connection: keep-alive',
        ],
        ...['Content-Length: 2', '', 'ok'],
      ),
    },
  ],
  [
    '100 Continue, once',
    {
      method: 'POST',
      fields: message('Expect: 100-continue', 'Content-Length: 2', '', 'hi'),
      response: `HTTP/1.1 100 Continue\r\n\r\n${ok}`,
    },
  ],
  ['HTTP/1.0', { response: message('HTTP/1.0 200 OK', 'Content-Length: 2', '', 'ok') }],
];

let count = 0;

async function send(way: 'in a tunnel' | 'by TLS' | 'to the proxy', sent: Sent): Promise<void> {
  const { method = 'GET', fields = '\r\n', response = ok, unparsed, oddities } = sent;
  count += 1;
  const path = `/message-${count}-`;
  const isPlain = way === 'to the proxy';
  const accepted = scene.accept(way === 'by TLS');
  const client = await scene.reach(isPlain ? 'plain' : 'connect', { isSecure: way === 'by TLS' });
  const rest = ` HTTP/1.1\r\nHost: origin.test\r\n${fields}`;
  client.write(`${method} ${isPlain ? 'http://origin.test:4000' : ''}${path}${rest}`);
  const server: Side = await accepted;
  await server.hears(`${method} ${path}${rest}`);
  server.write(response);
  await client.hears(response);
  const exchange = await scene.exchange(path);
  expect(exchange).toMatchObject({
    error: null,
    request: { method },
    response: { status: 200, by: 'upstream' },
  });
  expect(exchange.unparsed?.reason).toBe(unparsed);
  expect(exchange.oddities).toEqual(oddities);
  if (unparsed === undefined) expect(exchange.response?.body).toMatchObject({ size: 2, complete: true });
  client.socket.destroy();
}

describe.each(['in a tunnel', 'by TLS', 'to the proxy'] as const)(
  'what is sent %s arrives as it was sent',
  (way) => {
    it.each(requests)('a request: %s', (_name, sent) => send(way, sent));
    it.each(responses)('a response: %s', (_name, sent) => send(way, sent));
  },
);

describe('what is refused of a client that asks the proxy itself', () => {
  const url = 'http://origin.test:4000/refused';
  it.each([
    ['a path alone', 'GET / HTTP/1.1', /expected an absolute URL/],
    ['a path of a method that is not registered', 'LIST / HTTP/1.1', /expected an absolute URL/],
    ['another scheme', 'GET ftp://h/ HTTP/1.1', /expected an absolute URL/],
    ['a host alone', 'GET origin.test HTTP/1.1', /expected an absolute URL/],
    ['a port that is none', 'GET http://h:99999/ HTTP/1.1', /expected an absolute URL/],
    ['no version', `GET ${url}`, /request line/],
    ['version 2', `GET ${url} HTTP/2.0`, /version/],
    ['a method that is no token', `G(T ${url} HTTP/1.1`, /request line/],
    ['a blank before the method', ` GET ${url} HTTP/1.1`, /request line/],
    ['two blanks', `GET  ${url} HTTP/1.1`, /./],
    ['a blank in the target', `GET ${url} x HTTP/1.1`, /./],
    ['a line without a colon', `GET ${url} HTTP/1.1\r\nnonsense`, /colon/],
    ['a NUL', `GET ${url} HTTP/1.1\r\nA: \0`, /NUL/],
    ['differing lengths', `GET ${url} HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2`, /differing/],
    ['a length that is none', `GET ${url} HTTP/1.1\r\nContent-Length: +1`, /Content-Length/],
    ['both framings', `GET ${url} HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked`, /beside/],
    ['a coding that is not chunked', `GET ${url} HTTP/1.1\r\nTransfer-Encoding: gzip`, /./],
    ['CONNECT to a path', 'CONNECT / HTTP/1.1', /CONNECT host:port/],
    ['CONNECT without a port', 'CONNECT h HTTP/1.1', /CONNECT host:port/],
    ['a word', 'hello', /./],
    ['bytes', '\x01\x02', /./],
  ])('is an exchange with its reason: %s', async (_name, head, reason) => {
    const before = scene.audited.of('exchange-completed').length;
    const socket = connect(scene.audited.proxy.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(`${head}\r\n\r\n`, 'latin1');
    await once(socket, 'end');
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*proxaudit: bad-request: /);
    expect(text).not.toContain('TLS to the proxy');
    const exchanges = scene.audited.of('exchange-completed').slice(before);
    expect(exchanges).toMatchObject([
      {
        response: { status: 400, by: 'proxaudit' },
        error: { code: 'bad-request', message: expect.stringMatching(reason) as string },
      },
    ]);
    socket.destroy();
  });
});

describe('an upgrade, of many at once', () => {
  const SEED = Number(process.env['PROXAUDIT_UPGRADES_SEED'] ?? Date.now() % 2 ** 32);
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

  async function upgrade(index: number, way: 'plain' | 'connect'): Promise<void> {
    const random = new Random(SEED + index);
    const client = await scene.reach(way);
    const body = Array.from({ length: 300 }, (_, at) => `${index}.${at};`).join('');
    const target = `${way === 'plain' ? 'http://origin.test:4000' : ''}/upgrade-${index}-`;
    const head =
      `POST ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n` +
      `Content-Length: ${body.length}\r\n\r\n`;
    for (const segment of cutIntoSegments(random, Buffer.from(head + body))) {
      client.write(segment);
      if (random.chance(0.2)) await new Promise(setImmediate);
    }
    await client.hears(switching);
    for (const segment of cutIntoSegments(random, Buffer.from(body))) client.write(segment);
    await client.hears(switching + body);
    client.stream.end();
    await client.ends('end');
  }

  it(`has every body, and what follows it, in its order (seed ${SEED})`, async () => {
    const stop = scene.serve((server) => {
      server.stream.removeAllListeners('data');
      let isSwitched = false;
      server.stream.on('data', (chunk: Buffer) => {
        server.text += chunk.toString('latin1');
        if (isSwitched) server.write(chunk);
        const [, length = '', body = ''] = /Content-Length: (\d+)\r\n\r\n([^]*)$/.exec(server.text) ?? [];
        if (isSwitched || length === '' || body.length < Number(length)) return;
        isSwitched = true;
        server.write(switching);
      });
      server.stream.once('end', () => server.stream.end());
    });
    await Promise.all(
      Array.from({ length: 24 }, (_, index) => upgrade(index, index % 2 === 0 ? 'plain' : 'connect')),
    );
    stop();
    await expect.poll(() => scene.audited.exchanges('/upgrade-').length, PATIENCE).toBe(24);
    for (const { request, upgrade: switched } of scene.audited.exchanges('/upgrade-')) {
      expect(request.body.size).toBeGreaterThan(0);
      expect(switched).toMatchObject({
        protocol: 'tcp',
        bytesOut: request.body.size,
        bytesIn: request.body.size,
      });
    }
  });
});
