import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoopGuard } from '../../src/proxy/loop-guard.ts';
import { createConnector } from '../../src/proxy/upstream/connect-tcp.ts';
import { readUpstreamProxies } from '../../src/proxy/upstream/proxies/read-upstream-proxies.ts';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('loops');
let audited: AuditedProxy;
let origin: Listening;
/** Connections that clients of the tests made. */
let made = 0;

const spellings = [
  ...['localhost', 'LOCALHOST.', '127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f.1', '0x7f000001'],
  ...['0177.0.0.1', '017700000001', '0', '0.0.0.0', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ...['[0:0:0:0:0:FFFF:7F00:0001]', 'looped.example'],
];

beforeAll(async () => {
  origin = await listenOnLoopback(
    createServer((socket) => socket.on('data', () => socket.write('HTTP/1.1 204 No Content\r\n\r\n'))),
  );
  audited = await startAuditedProxy(workspace.directory, {
    resolve: { 'good.example': origin.port },
    overrides: {
      resolve: [
        { host: 'looped.example', port: undefined, address: '127.1', toPort: undefined },
        { host: 'good.example', port: undefined, address: '127.0.0.1', toPort: origin.port },
      ],
    },
  });
});

afterAll(async () => {
  // No connection but those of the tests ever came.
  const clients = new Set(audited.of('connection-opened').map(({ client }) => client.port));
  await audited.close();
  await origin.close();
  workspace.remove();
  expect(clients.size).toBeLessThanOrEqual(made);
});

function open(): Socket {
  made += 1;
  const socket = connect({ port: audited.proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => socket.end());
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

/** A plain request to elsewhere was answered on it. */
async function openUsed(): Promise<Socket> {
  const socket = open();
  socket.write('GET http://good.example/ HTTP/1.1\r\nHost: good.example\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

const lastExchange = () => audited.of('exchange-completed').at(-1);

describe('a tunnel to the proxy itself is refused, and recorded with its reason', () => {
  it.each(spellings)('by CONNECT to %s, first and later on a connection', async (host) => {
    for (const socket of [open(), await openUsed()]) {
      socket.write(`CONNECT ${host}:${audited.proxy.port} HTTP/1.1\r\n\r\n`);
      expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 508 Loop Detected[\s\S]*this proxy itself/);
      expect(lastExchange()).toMatchObject({
        request: { method: 'CONNECT' },
        response: { status: 508, by: 'proxaudit' },
        error: { code: 'loop-detected', message: 'the destination is this proxy itself' },
      });
    }
  });

  it.each([
    ['a name', Buffer.from([3, 10, ...Buffer.from('2130706433')])],
    ['a name with a dot', Buffer.from([3, 10, ...Buffer.from('localhost.')])],
    ['an IPv4 address', Buffer.from([1, 127, 0, 0, 1])],
    ['no address', Buffer.from([1, 0, 0, 0, 0])],
    ['an IPv6 address', Buffer.from([4, ...Array<number>(10).fill(0), 255, 255, 127, 0, 0, 1])],
  ])('by SOCKS5 with %s', async (_name, address) => {
    const socket = open();
    socket.write(Buffer.from([5, 1, 0]));
    await once(socket, 'data');
    const port = Buffer.alloc(2);
    port.writeUInt16BE(audited.proxy.port);
    socket.write(Buffer.concat([Buffer.from([5, 1, 0]), address, port]));
    expect(await readAll(socket)).toBe('\u0005\u0002\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000');
    expect(lastExchange()).toMatchObject({ response: null, error: { code: 'loop-detected' } });
  });
});

describe('a request to the proxy itself is answered 508, and recorded with its reason', () => {
  const expectLoop = async (socket: Socket, request: string): Promise<void> => {
    socket.write(request);
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 508 Loop Detected[\s\S]*loop-detected/);
    expect(lastExchange()).toMatchObject({
      response: { status: 508, by: 'proxaudit' },
      error: { code: 'loop-detected' },
    });
  };

  it.each(spellings)('by a URL of %s, first and later on a connection', async (host) => {
    const place = `${host}:${audited.proxy.port}`;
    for (const socket of [open(), await openUsed()])
      await expectLoop(
        socket,
        `GET http://${place}/ HTTP/1.1\r\nHost: ${place}\r\nConnection: close\r\n\r\n`,
      );
  });

  it.each([
    ['https in the clear', 'https', ''],
    ['a wish to switch protocols', 'http', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
  ])('by %s', async (_name, scheme, fields) => {
    const url = `${scheme}://0x7f.1:${audited.proxy.port}/`;
    const end = fields === '' ? 'Connection: close\r\n' : fields;
    await expectLoop(open(), `GET ${url} HTTP/1.1\r\nHost: x\r\n${end}\r\n`);
  });
});

async function connectWithinTunnel(): Promise<string> {
  const socket = open();
  socket.write('CONNECT good.example:80 HTTP/1.1\r\n\r\n');
  await once(socket, 'data');
  socket.write('GET / HTTP/1.1\r\nHost: good.example\r\n\r\n');
  await once(socket, 'data');
  socket.write(`CONNECT 127.0.0.1:${audited.proxy.port} HTTP/1.1\r\n\r\n`);
  return readAll(socket);
}

it('a CONNECT to the proxy itself within a tunnel is refused as an outer one, and recorded', async () => {
  expect(await connectWithinTunnel()).toMatch(/^HTTP\/1\.1 508 Loop Detected[\s\S]*loop-detected/);
  expect(lastExchange()).toMatchObject({
    request: { method: 'CONNECT' },
    response: { status: 508, by: 'proxaudit' },
    error: { code: 'loop-detected' },
  });
});

it.each(['2130706433', 'localhost.', '[::ffff:127.0.0.1]'])(
  'an upstream proxy at %s that is ourselves is an error at the start',
  async (host) => {
    const listening = await listenOnLoopback(createServer());
    await listening.close();
    const upstreamProxies = readUpstreamProxies({ option: `http://${host}:${listening.port}`, env: {} });
    const started = startAuditedProxy(workspace.directory, {
      overrides: { upstreamProxies, port: listening.port },
    });
    await expect(started).rejects.toThrow(/where proxaudit itself listens/);
  },
);

describe('what leads to us', () => {
  const guardAt = (address: string): LoopGuard =>
    new LoopGuard(() => ({ address, port: 8080, family: address.includes(':') ? 'IPv6' : 'IPv4' }));
  const [own = '127.0.0.1'] = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address);

  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '::ffff:127.0.0.1', true],
    ['127.0.0.1', '0.0.0.0', true],
    // Somebody else's, as each address of loopback may have a listener of its own.
    ['127.0.0.1', '127.0.0.2', false],
    ['127.0.0.1', '::1', false],
    ['::1', '::1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['::1', '::', true],
    ['::1', '127.0.0.1', false],
    ['0.0.0.0', '127.3.2.1', true],
    ['0.0.0.0', own, true],
    ['::', own, true],
    ['::', '127.0.0.1', true],
    ['::', '::1', true],
    ['0.0.0.0', '192.0.2.1', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '0.0.0.0', false],
  ])('of a listener at %s: %s, %s', (address, target, expected) => {
    expect(guardAt(address).isOwn(target, 8080)).toBe(expected);
    expect(guardAt(address).isOwn(target, 8081)).toBe(false);
  });

  /** Accepts one connection after the other, and says of each whether it was ended as one of ours. */
  async function listenWith(guard: LoopGuard, seesClient: boolean) {
    const judged: Promise<boolean>[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      judged.push(guard.endsLoop(socket, () => Promise.resolve(seesClient)));
    });
    const listening = await listenOnLoopback(server);
    const verdicts = async (count: number): Promise<boolean[]> => {
      while (judged.length < count) await once(server, 'connection');
      return Promise.all(judged);
    };
    return { port: listening.port, close: () => listening.close(), verdicts };
  }

  it('is a connection that we dialled', async () => {
    // None is known to lead here, as if the listener had an address that nobody can tell.
    const guard = new LoopGuard(() => null);
    const { port, close, verdicts } = await listenWith(guard, true);
    const { socket } = await createConnector(guard)({ host: '127.0.0.1', port }, {}).catch(
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'loop-detected' });
        return { socket: undefined };
      },
    );
    if (socket !== undefined) {
      if (!socket.destroyed) await once(socket, 'close');
      expect(socket.errored).toMatchObject({ code: 'loop-detected' });
    }
    const other = connect(port, '127.0.0.1');
    expect(await verdicts(2)).toEqual([true, false]);
    other.destroy();
    await close();
  });

  describe('of two connections from one port, as the system gives it to several that lead to different places', () => {
    /** One of ours, that leads elsewhere. */
    async function connectFirst(seesClient: boolean, elsewhere: Listening) {
      const guard = new LoopGuard(() => null);
      const { port, close, verdicts } = await listenWith(guard, seesClient);
      const dialled = connect({ port: elsewhere.port, host: '127.0.0.1', localAddress: '127.0.0.1' });
      dialled.on('error', () => undefined);
      guard.watch(dialled, { host: '127.0.0.1', port: elsewhere.port });
      await once(dialled, 'connect');
      return { port, close, verdicts, dialled };
    }

    /** Bound to a port, both may have it; Linux gives it to both by itself where neither is bound. */
    const from = (dialled: Socket, port: number): Socket =>
      connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1', localPort: dialled.localPort ?? 0 }).on(
        'error',
        () => undefined,
      );

    it.each([
      ['is none of ours where the system shows its client', true, false],
      ['is ours where none is shown: ours was redirected', false, true],
    ])('the second %s', async (_name, seesClient, isLoop) => {
      const elsewhere = await listenOnLoopback(createServer());
      const { dialled, port, close, verdicts } = await connectFirst(seesClient, elsewhere);
      const second = from(dialled, port);
      expect(await verdicts(1)).toEqual([isLoop]);
      expect(dialled.destroyed).toBe(isLoop);
      second.destroy();
      dialled.destroy();
      await Promise.all([close(), elsewhere.close()]);
    });

    it('the second is none of ours once the first was answered', async () => {
      const elsewhere = await listenOnLoopback(createServer((socket) => socket.write('hello')));
      const { dialled, port, close, verdicts } = await connectFirst(false, elsewhere);
      await once(dialled, 'data');
      const second = from(dialled, port);
      expect(await verdicts(1)).toEqual([false]);
      second.destroy();
      dialled.destroy();
      await Promise.all([close(), elsewhere.close()]);
    });
  });
});
