import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Names } from '../../src/model/exchange.ts';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { openTunnel } from '../helpers/http2/sessions.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('names');
let origin: Origin;
let audited: AuditedProxy;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  const names = ['good.example', 'evil.example', 'passed.example', 'xn--bcher-kva.example'];
  origin = await startOrigin(authority, names);
  const resolve = Object.fromEntries(
    [...names, '127.0.0.1'].flatMap((name) => [
      [`${name}:80`, origin.ports.http],
      [`${name}:443`, origin.ports.https],
      [`${name}:8080`, origin.ports.h2c],
    ]),
  );
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve,
    overrides: { passthrough: ['passed.example'] },
  });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  workspace.remove();
});

let paths = 0;
const newPath = (): string => `/status/204/${(paths += 1)}`;

async function tunnelTo(host: string, port: number): Promise<Socket> {
  return openTunnel({ proxyPort: audited.proxy.port, authority: `${host}:${port}` });
}

async function tlsTo(host: string, servername: string): Promise<Socket> {
  const socket = await tunnelTo(host, 443);
  const ca = readFileSync(audited.caFile);
  const tls = connectTls({ socket, servername, ca, checkServerIdentity: () => undefined });
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  return tls;
}

/** Says something and waits until `answers` responses without a body have come. */
async function say(socket: Socket, text: string, answers = 1): Promise<string> {
  let heard = '';
  const all = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (heard.split('\r\n\r\n').length > answers) resolve();
    });
    socket.once('close', () => {
      resolve();
    });
  });
  socket.write(text);
  await all;
  return heard;
}

/** What a request was recorded with, in its start and its end alike. */
async function namesOf(path: string): Promise<Names | undefined> {
  await expect.poll(() => audited.exchanges(path)).toHaveLength(1);
  const [completed] = audited.exchanges(path);
  const started = audited.of('exchange-started').find(({ id }) => id === completed?.id);
  expect(started?.names).toEqual(completed?.names);
  expect(completed?.address).toBe('127.0.0.1');
  return completed?.names;
}

describe('a request in a tunnel', () => {
  it.each([
    ['good.example', 'good.example', 'evil.example'],
    ['good.example', 'evil.example', 'evil.example'],
    ['good.example', 'evil.example', 'good.example'],
    ['evil.example', 'good.example', 'good.example'],
    ['evil.example', 'good.example', 'evil.example'],
    ['evil.example', 'evil.example', 'good.example'],
  ])('to %s with SNI %s and Host %s has all names', async (host, sni, authority) => {
    const path = newPath();
    const tls = await tlsTo(host, sni);
    await say(tls, `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    tls.destroy();
    expect(await namesOf(path)).toEqual({ connect: host, sni, authority });
    expect(audited.exchanges(path)[0]?.request.url).toBe(`https://${host}${path}`);
  });

  it.each([
    'good.example',
    'GOOD.Example',
    'good.example.',
    'good.example:443',
    'good.example:9999',
    'good%2eexample',
    'user:secret@good.example',
    '',
  ])('agrees with Host %j', async (host) => {
    const path = newPath();
    const tls = await tlsTo('good.example', 'good.example');
    await say(tls, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    tls.destroy();
    expect(await namesOf(path)).toBeUndefined();
  });

  it('is compared by A-labels', async () => {
    const path = newPath();
    const tls = await tlsTo('xn--bcher-kva.example', 'xn--bcher-kva.example');
    await say(tls, `GET ${path} HTTP/1.1\r\nHost: bücher.example\r\n\r\n`);
    tls.destroy();
    expect(await namesOf(path)).toBeUndefined();
  });

  it('is judged by itself on a connection that is kept', async () => {
    const tls = await tlsTo('good.example', 'good.example');
    const [first, second, third] = [newPath(), newPath(), newPath()];
    await say(tls, `GET ${first} HTTP/1.1\r\nHost: good.example\r\n\r\n`);
    await say(tls, `GET ${second} HTTP/1.1\r\nHost: evil.example\r\n\r\n`);
    await say(tls, `GET ${third} HTTP/1.1\r\nHost: good.example\r\n\r\n`);
    tls.destroy();
    expect([await namesOf(first), await namesOf(second), await namesOf(third)]).toEqual([
      undefined,
      { connect: 'good.example', sni: 'good.example', authority: 'evil.example' },
      undefined,
    ]);
  });

  it('has each of several Host fields', async () => {
    const [first, second] = [newPath(), newPath()];
    const socket = await tunnelTo('good.example', 80);
    await say(socket, `GET ${first} HTTP/1.1\r\nHost: good.example\r\nHost: evil.example\r\n\r\n`);
    socket.destroy();
    const other = await tunnelTo('good.example', 80);
    await say(other, `GET ${second} HTTP/1.1\r\nHost: evil.example\r\nHost: good.example\r\n\r\n`);
    other.destroy();
    expect(await namesOf(first)).toEqual({
      connect: 'good.example',
      authority: 'good.example',
      host: ['evil.example'],
    });
    expect(await namesOf(second)).toEqual({
      connect: 'good.example',
      authority: 'evil.example',
      host: ['good.example'],
    });
  });

  it('in absolute form is for what that names, and its Host field stands beside', async () => {
    const path = newPath();
    const socket = await tunnelTo('good.example', 80);
    await say(socket, `GET http://u@evil.example:1${path} HTTP/1.1\r\nHost: good.example\r\n\r\n`);
    socket.destroy();
    expect(await namesOf(path)).toEqual({
      connect: 'good.example',
      authority: 'evil.example',
      host: ['good.example'],
    });
  });

  it('to switch protocols has its names too', async () => {
    const socket = await tunnelTo('good.example', 80);
    const path = `/ws/echo/${paths}`;
    const head = [`GET ${path} HTTP/1.1`, 'Host: evil.example', 'Connection: Upgrade', 'Upgrade: websocket'];
    const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    expect(await say(socket, [...head, ...key, '', ''].join('\r\n'))).toContain(' 101 ');
    socket.destroy();
    expect(await namesOf(path)).toEqual({ connect: 'good.example', authority: 'evil.example' });
  });

  it('by SOCKS, to a name or to an address, is the same', async () => {
    const [first, second] = [newPath(), newPath()];
    const name = Buffer.from('good.example');
    await say(
      await socksTo(Buffer.concat([Buffer.from([3, name.length]), name])),
      `GET ${first} HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    );
    await say(
      await socksTo(Buffer.from([1, 127, 0, 0, 1])),
      `GET ${second} HTTP/1.1\r\nHost: good.example\r\n\r\n`,
    );
    expect(await namesOf(first)).toEqual({ connect: 'good.example', authority: 'evil.example' });
    expect(await namesOf(second)).toEqual({ connect: '127.0.0.1', authority: 'good.example' });
  });
});

describe('a plain request', () => {
  it('names what its URL names, and its Host field', async () => {
    const path = newPath();
    const socket = connect(audited.proxy.port, '127.0.0.1');
    await say(socket, `GET http://good.example${path} HTTP/1.1\r\nHost: evil.example\r\n\r\n`);
    socket.destroy();
    expect(await namesOf(path)).toEqual({ authority: 'good.example', host: ['evil.example'] });
  });
});

it.each(['http://a@good.example@evil.example/', 'http://good.example@evil.example@/'])(
  'a plain request for %s, of which no one host can be told, is refused',
  async (url) => {
    const socket = connect(audited.proxy.port, '127.0.0.1');
    const answer = await say(socket, `GET ${url} HTTP/1.1\r\nHost: good.example\r\n\r\n`);
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  },
);

describe.each([
  ['TLS', 443],
  ['prior knowledge', 8080],
])('HTTP/2 by %s', (_name, port) => {
  const ask = async (headers: OutgoingHttpHeaders): Promise<void> => {
    const socket = await tunnelTo('good.example', port);
    const ca = readFileSync(audited.caFile);
    const transport =
      port === 443 ? connectTls({ socket, servername: 'good.example', ca, ALPNProtocols: ['h2'] }) : socket;
    if (port === 443) await once(transport, 'secureConnect');
    const session = connectHttp2(`http${port === 443 ? 's' : ''}://good.example`, {
      createConnection: () => transport,
    });
    const stream = session.request(headers);
    stream.resume();
    await once(stream, 'close');
    session.destroy();
  };
  const sni = port === 443 ? { sni: 'good.example' } : {};

  it('has :authority, which goes on as it came', async () => {
    const path = newPath();
    await ask({ ':path': path, ':authority': 'evil.example' });
    expect(await namesOf(path)).toEqual({ connect: 'good.example', ...sni, authority: 'evil.example' });
    expect(origin.log.find((observed) => observed.path === path)?.host).toBe('evil.example');
  });

  it('has a host field beside it', async () => {
    const path = newPath();
    await ask({ ':path': path, ':authority': 'good.example', host: 'evil.example' });
    expect(await namesOf(path)).toEqual({
      ...{ connect: 'good.example', ...sni },
      ...{ authority: 'good.example', host: ['evil.example'] },
    });
  });
});

async function socksTo(address: Buffer): Promise<Socket> {
  const socket = connect(audited.proxy.port, '127.0.0.1');
  socket.write(Buffer.from([5, 1, 0]));
  await once(socket, 'data');
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), address, Buffer.from([0, 80])]));
  await once(socket, 'data');
  return socket;
}
