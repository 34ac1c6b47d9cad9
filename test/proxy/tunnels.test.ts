import { createServer, connect, type Server, type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startFaults, type Faults } from '../helpers/origin/faults/faults.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('tunnels');
let origin: Origin;
let faults: Faults;
let audited: AuditedProxy;
let echo: Server;
let echoPort: number;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority, ['origin.test', 'passed.test', 'pinned.test']);
  faults = await startFaults({ authority, names: ['fault.test'], directory: workspace.directory });
  // Answers only after the client has finished sending: shows that a half-close passes.
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => socket.end(Buffer.concat([Buffer.from('got '), ...chunks])));
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  echoPort = (echo.address() as { port: number }).port;
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: {
      'origin.test:80': origin.ports.http,
      'origin.test:443': origin.ports.https,
      'passed.test:443': origin.ports.https,
      'pinned.test:443': origin.ports.https,
    },
    overrides: { passthrough: ['passed.test'] },
  });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  await faults.close();
  echo.close();
  workspace.remove();
});

/** Opens a tunnel by CONNECT and answers with the socket and what came after the head. */
async function openTunnel(
  authority: string,
  early = '',
): Promise<{ socket: Socket; head: string; rest: Buffer }> {
  const socket = connect({ port: audited.proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n${early}`);
  let bytes = Buffer.alloc(0);
  while (!bytes.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  }
  const end = bytes.indexOf('\r\n\r\n') + 4;
  return { socket, head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end) };
}

async function readAll(socket: Socket, first: Buffer = Buffer.alloc(0)): Promise<string> {
  const chunks = [first];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', () => socket.end());
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

const passedThroughTo = (port: number) => {
  const opened = audited.of('connection-opened').filter((fact) => fact.destination.port === port);
  return audited.of('passed-through').filter((fact) => opened.some(({ id }) => id === fact.connectionId));
};

describe('a raw protocol', () => {
  it('is tunnelled with its half-close, counted, and named a blind spot', async () => {
    const { socket } = await openTunnel(`127.0.0.1:${echoPort}`);
    socket.end('\u0001\u0002raw bytes');
    expect(await readAll(socket)).toBe('got \u0001\u0002raw bytes');
    expect(passedThroughTo(echoPort)).toMatchObject([{ reason: 'not-http' }]);
    const opened = audited.of('connection-opened').find((fact) => fact.destination.port === echoPort);
    await expect
      .poll(() => audited.of('connection-closed').find((fact) => fact.id === opened?.id))
      .toBeDefined();
    const closed = audited.of('connection-closed').find((fact) => fact.id === opened?.id);
    expect(closed?.bytesIn).toBe('HTTP/1.1 200 Connection Established\r\n\r\n'.length + 'got '.length + 11);
  });

  it('whose server speaks first gets through, and is named by what the client says', async () => {
    const { socket, rest } = await openTunnel(`127.0.0.1:${faults.raw.banner}`);
    if (rest.length === 0) {
      const [banner] = (await once(socket, 'data')) as [Buffer];
      expect(banner.length).toBeGreaterThan(0);
    }
    socket.destroy();
    expect(passedThroughTo(faults.raw.banner)).toMatchObject([{ reason: 'server-first' }]);
  });

  it('is not assumed of a client that is only slow', async () => {
    const { socket } = await openTunnel(`origin.test:80`);
    await sleep(600);
    socket.write('GET /random/10/slow HTTP/1.1\r\nHost: origin.test\r\nConnection: close\r\n\r\n');
    expect(await readAll(socket)).toContain('HTTP/1.1 200 OK');
    expect(audited.exchanges('/random/10/slow')).toHaveLength(1);
  });

  it('early bytes sent together with CONNECT are not lost', async () => {
    const { socket, rest } = await openTunnel(`127.0.0.1:${echoPort}`, 'SSH-2.0-early\r\n');
    socket.end();
    expect(await readAll(socket, rest)).toBe('got SSH-2.0-early\r\n');
    expect(passedThroughTo(echoPort).at(-1)).toMatchObject({ protocol: 'ssh' });
  });
});

describe('--passthrough', () => {
  it('leaves TLS to the client and the server', async () => {
    const argv = [
      'curl',
      '-sS',
      '-k',
      '--proxy',
      audited.url,
      '-w',
      '%{ssl_verify_result} %{certs}',
      '-o',
      '/dev/null',
    ];
    const result = await runCommand([...argv, 'https://passed.test/random/100/p']);
    expect(result.code).toBe(0);
    expect(audited.exchanges('passed.test')).toHaveLength(0);
    const opened = audited.of('connection-opened').find((fact) => fact.destination.host === 'passed.test');
    expect(audited.of('passed-through').find((fact) => fact.connectionId === opened?.id)).toMatchObject({
      reason: 'passthrough-option',
    });
  });
});

describe('a client that refuses our CA', () => {
  it('is an event with its cause and the mending line', async () => {
    const result = await runCommand(['curl', '-sS', '--proxy', audited.url, 'https://origin.test/refused']);
    expect(result.code).toBe(60);
    await expect
      .poll(() => audited.of('tls-failed').filter((fact) => fact.side === 'client'))
      .toHaveLength(1);
    expect(audited.of('tls-failed').find((fact) => fact.side === 'client')).toMatchObject({
      cause: 'cert-rejected',
      advice: 'advice for somebody about origin.test',
    });
    expect(origin.log.some((observed) => observed.path === '/refused')).toBe(false);
  });
});

describe('TLS without SNI to an address', () => {
  it('gets a certificate for that address', async () => {
    const url = `https://127.0.0.1:${origin.ports.https}/random/500/ip`;
    for (const version of ['--http1.1', '--http2']) {
      const argv = [
        'curl',
        '-sS',
        version,
        '--proxy',
        audited.url,
        '--cacert',
        audited.caFile,
        '-o',
        '/dev/null',
      ];
      const result = await runCommand([...argv, '-w', '%{http_code}', '--noproxy', '', url]);
      expect(result.stderr).toBe('');
      expect(result.stdout.toString()).toBe('200');
    }
    await expect.poll(() => audited.exchanges('/random/500/ip')).toHaveLength(2);
  });
});

describe('WebSocket', () => {
  it.each(['ws', 'wss'])('%s passes both ways and is counted', async (scheme) => {
    const port = scheme === 'ws' ? 80 : 443;
    const { socket } = await openTunnel(`origin.test:${port}`);
    const transport =
      scheme === 'ws'
        ? socket
        : connectTls({ socket, servername: 'origin.test', ca: readFileSync(audited.caFile) });
    const client = new WebSocket(`${scheme}://origin.test/ws/echo/${scheme}`, {
      createConnection: () => transport,
    });
    await once(client, 'open');
    const text = 'y'.repeat(70_000);
    client.send(text);
    const [message] = (await once(client, 'message')) as [Buffer];
    expect(message.toString()).toContain('y');
    client.close(1000);
    await once(client, 'close');
    await expect.poll(() => audited.exchanges(`/ws/echo/${scheme}`)).toHaveLength(1);
    const [exchange] = audited.exchanges(`/ws/echo/${scheme}`);
    expect(exchange?.response?.status).toBe(101);
    expect(exchange?.upgrade?.protocol).toBe('websocket');
    expect(exchange?.upgrade?.bytesOut).toBeGreaterThan(70_000);
  });
});

describe('a proxy that is misused', () => {
  it.each([
    [
      'a request for the proxy itself',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      /400 Bad Request[\s\S]*proxaudit: bad-request: this is a proxy/,
    ],
    [
      'a bad CONNECT',
      'CONNECT nowhere HTTP/1.1\r\n\r\n',
      /400 Bad Request[\s\S]*expected "CONNECT host:port/,
    ],
    ['garbage', '\u0000\u0001\u0002garbage\r\n\r\n', /400 Bad Request/],
    [
      'an endless CONNECT',
      `CONNECT a:1 HTTP/1.1\r\nX: ${'y'.repeat(300_000)}`,
      /^HTTP\/1\.1 431 .*proxaudit: bad-request: .*too long/s,
    ],
  ])('by %s answers what was expected', async (_name, bytes, expected) => {
    const socket = connect(audited.proxy.port, '127.0.0.1');
    socket.write(bytes);
    expect(await readAll(socket)).toMatch(expected);
  });

  it('refuses to dial itself', async () => {
    const socket = connect(audited.proxy.port, '127.0.0.1');
    socket.write(`CONNECT localhost:${audited.proxy.port} HTTP/1.1\r\n\r\n`);
    expect(await readAll(socket)).toMatch(/508/);
  });
});

describe('a connection that is closed right after the handshake', () => {
  const handshakeOnly = async (host: string) => {
    const { socket } = await openTunnel(`${host}:443`);
    const tls = connectTls({ socket, servername: host, ca: readFileSync(audited.caFile) });
    await once(tls, 'secureConnect');
    tls.destroy();
    await once(tls, 'close');
  };
  const told = (host: string) =>
    audited.of('tls-failed').filter(({ advice }) => advice.includes(`about ${host}`));

  it('is a refusal only of a host of which nothing was ever asked', async () => {
    await handshakeOnly('origin.test');
    await handshakeOnly('pinned.test');
    const argv = [
      'curl',
      '-sS',
      '--proxy',
      audited.url,
      '--cacert',
      audited.caFile,
      'https://origin.test/status/204',
    ];
    expect((await runCommand(argv)).code).toBe(0);
    await sleep(200);
    expect([
      ...told('pinned.test'),
      ...told('origin.test').filter(({ cause }) => cause !== 'cert-rejected'),
    ]).toEqual([]);
    await audited.close();
    expect(told('pinned.test')).toMatchObject([{ cause: expect.stringMatching(/handshake$/) }]);
    expect(told('origin.test').filter(({ cause }) => cause !== 'cert-rejected')).toEqual([]);
  });
});
