import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FactOf } from '../../src/model/events.ts';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { openTunnel } from '../helpers/http2/sessions.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { startHttpProxy } from '../helpers/upstream-proxies/http-proxy.ts';
import { readUpstreamProxies } from '../../src/proxy/upstream/proxies/read-upstream-proxies.ts';

const workspace = createWorkspace('tunnel-names');
const authority = createAuthority(workspace.directory);
let origin: Origin;
let greeter: Listening;
let audited: AuditedProxy;

beforeAll(async () => {
  origin = await startOrigin(authority, ['passed.example', 'evil.example']);
  greeter = await listenOnLoopback(createServer((socket) => socket.end('220 hello\r\n')));
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: {
      'passed.example:443': origin.ports.https,
      'passed.example:80': origin.ports.http,
      'evil.example:443': origin.ports.https,
      'evil.example:80': origin.ports.http,
      'passed.example:25': greeter.port,
      'passed.example:1': 1,
      'evil.example:25': greeter.port,
    },
    overrides: { passthrough: ['passed.example'] },
  });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  await greeter.close();
  workspace.remove();
});

/** A socket forgets its port when it is closed. */
const ports = new WeakMap<Socket, number>();

async function tunnelTo(place: string): Promise<Socket> {
  const socket = await openTunnel({ proxyPort: audited.proxy.port, authority: place });
  if (socket.localPort !== undefined) ports.set(socket, socket.localPort);
  return socket;
}

/** What was recorded of the connection of a client. */
async function recorded(client: Socket): Promise<{
  opened: FactOf<'connection-opened'> | undefined;
  passed: FactOf<'passed-through'> | undefined;
  closed: FactOf<'connection-closed'> | undefined;
}> {
  const port = ports.get(client);
  const opened = () => audited.of('connection-opened').find((fact) => fact.client.port === port);
  client.destroy();
  const closed = () => audited.of('connection-closed').find(({ id }) => id === opened()?.id);
  await expect.poll(closed).toBeDefined();
  const passed = audited.of('passed-through').find(({ connectionId }) => connectionId === opened()?.id);
  return { opened: opened(), passed, closed: closed() };
}

/** And asks for something, so that bytes have gone both ways. */
async function shakeHands(socket: Socket, servername: string): Promise<void> {
  const tls = connectTls({ socket, servername, ca: authority.pem });
  await once(tls, 'secureConnect');
  tls.write(`GET /random/300000 HTTP/1.1\r\nHost: ${servername}\r\n\r\n`);
  let received = 0;
  tls.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  await expect.poll(() => received).toBeGreaterThan(300_000);
}

describe('a tunnel that --passthrough leaves unread', () => {
  it.each([
    ['passed.example', 'evil.example'],
    ['evil.example', 'passed.example'],
  ])('to %s with SNI %s has both names', async (host, sni) => {
    const socket = await tunnelTo(`${host}:443`);
    await shakeHands(socket, sni);
    const { opened, passed, closed } = await recorded(socket);
    expect(opened).toMatchObject({ destination: { host }, sni });
    expect(passed).toMatchObject({ names: { connect: host, sni }, protocol: 'tls' });
    expect(closed?.address).toBe('127.0.0.1');
  });

  it('has the name of a client that is late', async () => {
    const socket = await tunnelTo('passed.example:443');
    await sleep(400);
    await shakeHands(socket, 'evil.example');
    const { passed } = await recorded(socket);
    expect(passed?.names).toEqual({ connect: 'passed.example', sni: 'evil.example' });
  });

  it('has no names where they agree', async () => {
    const socket = await tunnelTo('passed.example:443');
    await shakeHands(socket, 'passed.example');
    const { passed } = await recorded(socket);
    expect(passed).toEqual({
      type: 'passed-through',
      connectionId: passed?.connectionId,
      reason: 'passthrough-option',
      protocol: 'tls',
    });
  });

  it('in which the server speaks first is open at once', async () => {
    const socket = await tunnelTo('passed.example:25');
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    expect(greeting.toString()).toBe('220 hello\r\n');
    const { passed, closed } = await recorded(socket);
    expect(passed).toMatchObject({ reason: 'passthrough-option' });
    expect(closed?.error).toBeUndefined();
  });

  it('that cannot be dialled, or that nobody uses, is stated as well', async () => {
    await expect(tunnelTo('passed.example:1')).rejects.toThrow(/^HTTP\/1\.1 502 .*connection-refused/s);
    expect(audited.exchanges('https://passed.example:1/')).toMatchObject([
      { response: { status: 502, by: 'proxaudit' }, error: { code: 'connection-refused' } },
    ]);
    const opened = audited.of('connection-opened').find(({ destination }) => destination.port === 1);
    await expect
      .poll(() => audited.of('connection-closed').find(({ id }) => id === opened?.id))
      .toMatchObject({ error: { code: 'connection-refused' } });
    const unused = await tunnelTo('passed.example:443');
    expect(await recorded(unused)).toMatchObject({ passed: { reason: 'passthrough-option' } });
  });
});

it.each(['http', 'https'] as const)(
  'the names of a tunnel through an upstream proxy by %s are the same',
  async (kind) => {
    const leaf = authority.issue({ names: ['127.0.0.1'] });
    const proxy = await startHttpProxy({
      names: { 'passed.example:443': origin.ports.https, 'passed.example:25': greeter.port },
      ...(kind === 'https' ? { leaf } : {}),
    });
    const upstreamProxies = readUpstreamProxies({ option: `${kind}://127.0.0.1:${proxy.port}`, env: {} });
    const behind = await startAuditedProxy(workspace.directory, {
      upstreamCaFile: authority.file,
      overrides: { passthrough: ['passed.example'], upstreamProxies },
    });
    const open = (place: string) => openTunnel({ proxyPort: behind.proxy.port, authority: place });
    const first = await open('passed.example:443');
    await shakeHands(first, 'evil.example');
    const second = await open('passed.example:25');
    const [greeting] = (await once(second, 'data')) as [Buffer];
    expect(greeting.toString()).toBe('220 hello\r\n');
    first.destroy();
    second.destroy();
    await expect.poll(() => behind.of('connection-closed')).toHaveLength(2);
    expect(behind.of('passed-through').map(({ names }) => names)).toEqual([
      { connect: 'passed.example', sni: 'evil.example' },
      undefined,
    ]);
    // The address is the upstream proxy's to know.
    expect(behind.of('connection-closed').map(({ address }) => address)).toEqual([undefined, undefined]);
    await behind.close();
    await proxy.close();
  },
);

it('a tunnel on a connection that had carried a request is to its own destination', async () => {
  const socket = connect(audited.proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  ports.set(socket, socket.localPort ?? 0);
  socket.write('GET http://passed.example/status/204 HTTP/1.1\r\nHost: passed.example\r\n\r\n');
  await once(socket, 'data');
  socket.write('CONNECT evil.example:25 HTTP/1.1\r\n\r\n');
  await expect
    .poll(() => audited.of('passed-through').at(-1)?.destination)
    .toEqual({ host: 'evil.example', port: 25 });
  expect((await recorded(socket)).opened?.destination.host).toBe('passed.example');
});
