import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { connect as connectTls, createServer, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../../helpers/audited-proxy.ts';
import { openTunnel } from '../../helpers/http2/sessions.ts';
import { createAuthority } from '../../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../../helpers/origin/listening.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { PATIENCE } from '../../helpers/wire/raw-scene.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const workspace = createWorkspace('alpn');
const authority = createAuthority(workspace.directory);
const leaf = authority.issue({ names: ['origin.test'] });
const listeners: Listening[] = [];
/** What the origins were sent first on each connection. */
const hellos: Buffer[] = [];
const secured: TLSSocket[] = [];
let audited: AuditedProxy;

/** What the origin behind each port speaks. */
const origins: Readonly<Record<number, string[] | undefined>> = {
  443: undefined,
  444: ['http/1.1'],
  445: ['acme-tls/1'],
};

/** Looks at what comes first, and gives it to TLS. */
async function listen(protocols: string[] | undefined): Promise<Listening> {
  const server = createServer({ ...leaf, ...(protocols && { ALPNProtocols: protocols }) }, (socket) => {
    secured.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(ANSWER));
  });
  server.on('tlsClientError', () => undefined);
  const raw = createTcpServer((socket: Socket) => {
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      hellos.push(first);
      socket.unshift(first);
      server.emit('connection', socket);
    });
  });
  return listenOnLoopback(raw);
}

beforeAll(async () => {
  const resolve: Record<string, number> = {};
  for (const [port, protocols] of Object.entries(origins)) {
    const listening = await listen(protocols);
    listeners.push(listening);
    resolve[`origin.test:${port}`] = listening.port;
  }
  audited = await startAuditedProxy(workspace.directory, { upstreamCaFile: authority.file, resolve });
});
afterAll(async () => {
  await audited.close();
  await Promise.all(listeners.map((listener) => listener.close()));
  workspace.remove();
});

async function connect(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = await openTunnel({ proxyPort: audited.proxy.port, authority: `origin.test:${port}` });
  const tls = connectTls({ socket, ca: readFileSync(audited.caFile), ...options });
  await once(tls, 'secureConnect');
  return tls;
}

/** As a list of RFC 7301 stands in the hello. */
function listOf(...protocols: (string | Buffer)[]): Buffer {
  return Buffer.concat(
    protocols.flatMap((protocol) => [Buffer.from([protocol.length]), Buffer.from(protocol as string)]),
  );
}

it.each([
  ['names that nobody registered, and bytes as of GREASE', [Buffer.from([0xca, 0xca]), 'foo/9', 'http/1.1']],
  ['bytes that are no UTF-8, and a blank', [Buffer.from([0xff, 0x20, 0x80]), 'x y', 'http/1.1']],
  ['one alone', ['http/1.1']],
])("the client's own list of protocols reaches the upstream: %s", async (_name, protocols) => {
  const list = listOf(...protocols);
  const client = await connect(444, { servername: 'origin.test', ALPNProtocols: list });
  expect(client.alpnProtocol).toBe('http/1.1');
  // The extension with its length and the length of the list.
  const lengths = Buffer.from([0, 16, 0, list.length + 2, 0, list.length]);
  expect(hellos.at(-1)?.includes(Buffer.concat([lengths, list]))).toBe(true);
  client.destroy();
});

it('a client without a list has none sent, and gets no protocol', async () => {
  const client = await connect(444, { servername: 'origin.test' });
  expect(client.alpnProtocol).toBe(false);
  expect(hellos.at(-1)?.includes('http/1.1')).toBe(false);
  client.destroy();
});

it('an upstream that chooses nothing is answered to the client as that', async () => {
  const client = await connect(443, { servername: 'origin.test', ALPNProtocols: ['h2', 'http/1.1'] });
  expect(client.alpnProtocol).toBe(false);
  client.write('GET /no-choice HTTP/1.1\r\n\r\n');
  await once(client, 'data');
  expect(audited.exchanges('/no-choice')).toHaveLength(1);
  client.destroy();
});

it('an upstream without HTTP/2 gets HTTP/1.1 from a client that offers both', async () => {
  const client = await connect(444, { servername: 'origin.test', ALPNProtocols: ['h2', 'http/1.1'] });
  expect(client.alpnProtocol).toBe('http/1.1');
  client.write('GET /both HTTP/1.1\r\n\r\n');
  const [answer] = (await once(client, 'data')) as [Buffer];
  expect(answer.toString()).toBe(ANSWER);
  expect(audited.exchanges('/both')[0]?.request.httpVersion).toBe('1.1');
  client.destroy();
});

it('an upstream that wants none of them is a reset: nothing else is tried', async () => {
  const before = hellos.length;
  const failed = connect(445, { servername: 'origin.test', ALPNProtocols: ['h2', 'http/1.1'] });
  await expect(failed).rejects.toThrow(/ECONNRESET|disconnected/);
  expect(hellos).toHaveLength(before + 1);
  await expect
    .poll(() => audited.of('connection-closed').at(-1)?.error?.code, PATIENCE)
    .toMatch(/^upstream-|^tls-/);
});

it('no server name is sent where the client sent none, and the certificate is that of the tunnel', async () => {
  const names: string[] = [];
  const client = await connect(443, {
    checkServerIdentity: (_host, { subjectaltname = '' }) => {
      names.push(subjectaltname);
      return undefined;
    },
  });
  client.write('GET /nameless HTTP/1.1\r\n\r\n');
  await once(client, 'data');
  expect(names).toEqual(['DNS:origin.test']);
  expect(hellos.at(-1)?.includes('origin.test')).toBe(false);
  expect(secured.at(-1)?.servername).toBe(false);
  expect(audited.exchanges('/nameless')[0]?.names).toBeUndefined();
  client.destroy();
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'sessions with an upstream are resumed by the next connection, also of another client (%s)',
  async (version) => {
    const reused: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      // Of a list of its own, which no session is known for yet.
      const options = {
        servername: 'origin.test',
        maxVersion: version,
        ALPNProtocols: [version, 'http/1.1'],
      };
      const client = await connect(444, options);
      client.write(`GET /resumed-${version} HTTP/1.1\r\n\r\n`);
      await once(client, 'data');
      reused.push(secured.at(-1)?.isSessionReused());
      client.destroy();
    }
    expect(reused).toEqual([false, true]);
  },
);
