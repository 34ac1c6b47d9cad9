import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { startHttpProxy, type TestProxy } from '../helpers/upstream-proxies/http-proxy.ts';
import { startSocksProxy } from '../helpers/upstream-proxies/socks-proxy.ts';
import { through } from '../helpers/upstream-proxies/upstream-options.ts';

const workspace = createWorkspace('upstream-proxies');
let authority: Authority;
let origin: Origin;
let echo: Server;

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
  // Answers only after the client has finished sending: shows that a half-close passes.
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [Buffer.from('got ')];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => socket.end(Buffer.concat(chunks)));
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
});

afterAll(async () => {
  await origin.close();
  echo.close();
  workspace.remove();
});

const names = () => ({
  'origin.test:80': origin.ports.http,
  'origin.test:443': origin.ports.https,
  'origin.test:8443': origin.ports.https1,
  'echo.test:7': (echo.address() as AddressInfo).port,
  'b.test:80': origin.ports.http,
});

const withLogin = { wants: `Basic ${Buffer.from('us er:p@ss:word').toString('base64')}` };

/** Each kind of proxy, with how its URL begins and what it says of a tunnel. */
const kinds: readonly [string, string, () => Promise<TestProxy>, string][] = [
  [
    'http',
    'http://us%20er:p%40ss%3Aword@',
    () => startHttpProxy({ names: names(), ...withLogin }),
    'CONNECT',
  ],
  [
    'https',
    'https://us%20er:p%40ss%3Aword@',
    () => startHttpProxy({ names: names(), ...withLogin, leaf: authority.issue({ names: ['127.0.0.1'] }) }),
    'CONNECT',
  ],
  ['socks5h', 'socks5h://u:p%40ss@', () => startSocksProxy({ names: names(), wants: 'u:p@ss' }), 'SOCKS5'],
  ['socks4a', 'socks4a://u@', () => startSocksProxy({ names: names(), wants: 'u' }), 'SOCKS4A'],
];

const curl = async (audited: AuditedProxy, ...args: string[]) => {
  const argv = ['curl', '-sS', '--proxy', audited.url, '--cacert', audited.caFile, ...args];
  const { stdout, stderr } = await runCommand(argv);
  return `${stdout.toString()}${stderr}`;
};

async function openTunnel(audited: AuditedProxy, place: string): Promise<Socket> {
  const socket = connect({ port: audited.proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(`CONNECT ${place} HTTP/1.1\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

describe.each(kinds)('through a proxy by %s', (kind, start, startProxy, verb) => {
  let proxy: TestProxy;
  let audited: AuditedProxy;
  const shown = () => `${kind}://127.0.0.1:${proxy.port}`;
  beforeAll(async () => {
    proxy = await startProxy();
    audited = await startAuditedProxy(workspace.directory, {
      upstreamCaFile: authority.file,
      ...through(`${start}127.0.0.1:${proxy.port}`),
    });
  });
  afterAll(async () => {
    await audited.close();
    await proxy.close();
  });

  it('goes plain HTTP, with its body', async () => {
    const said = await curl(audited, '-d', 'a body', 'http://origin.test/echo');
    expect(said).toContain('"size":6');
    const asked = kind.startsWith('http') ? 'POST http://origin.test/echo' : `${verb} origin.test:80`;
    expect(proxy.asked).toContain(asked);
    await expect.poll(() => audited.exchanges('http://origin.test/echo')).toHaveLength(1);
    const [exchange] = audited.exchanges('http://origin.test/echo');
    expect(exchange).toMatchObject({ upstreamProxy: shown(), error: null });
    expect(exchange?.timings.dns).toBeUndefined();
  });

  it.each([
    ['--http1.1', '443'],
    ['--http2', '443'],
    ['--http1.1', '8443'],
    ['--http2', '8443'],
  ])('goes HTTPS with %s to port %s, in the protocol of the server', async (version, port) => {
    const path = `/random/3000/${version}${port}`;
    const args = [version, '-o', '/dev/null', '-w', '%{http_code} %{http_version} %{size_download}'];
    const wanted = port === '443' && version === '--http2' ? '2' : '1.1';
    expect(await curl(audited, ...args, `https://origin.test:${port}${path}`)).toBe(`200 ${wanted} 3000`);
    expect(proxy.asked).toContain(`${verb} origin.test:${port}`);
    await expect.poll(() => audited.exchanges(path)).toMatchObject([{ upstreamProxy: shown() }]);
  });

  it.each(['ws', 'wss'])('goes WebSocket by %s', async (scheme) => {
    const socket = await openTunnel(audited, `origin.test:${scheme === 'ws' ? 80 : 443}`);
    const secured = { socket, servername: 'origin.test', ca: readFileSync(audited.caFile) };
    const transport = scheme === 'ws' ? socket : connectTls(secured);
    const client = new WebSocket(`${scheme}://origin.test/ws/echo/${scheme}`, {
      createConnection: () => transport,
    });
    await once(client, 'open');
    client.send('y'.repeat(70_000));
    const [message] = (await once(client, 'message')) as [Buffer];
    expect(message.toString()).toContain('yyy');
    client.close();
    await once(client, 'close');
  });

  it('goes what is no HTTP, with its half-close', async () => {
    const socket = await openTunnel(audited, 'echo.test:7');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.end('\u0001raw');
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString()).toBe('got \u0001raw');
    const opened = audited.of('connection-opened').find(({ destination }) => destination.port === 7);
    expect(opened).toMatchObject({ upstreamProxy: shown() });
  });

  it('says nothing of its credentials', () => {
    expect(proxy.credentials.length > 0 || kind === 'socks4a').toBe(true);
    expect(JSON.stringify(audited.facts)).not.toMatch(/p@ss|p%40ss|cEBzc|us er|us%20er/);
  });
});

describe('connections to an HTTP proxy', () => {
  it('are shared by plain requests to all hosts', async () => {
    const proxy = await startHttpProxy({ names: names() });
    const audited = await startAuditedProxy(workspace.directory, through(`127.0.0.1:${proxy.port}`));
    await curl(audited, 'http://origin.test/status/204', 'http://b.test/status/204');
    expect(proxy.asked).toEqual(['GET http://origin.test/status/204', 'GET http://b.test/status/204']);
    await audited.close();
    await proxy.close();
  });

  it('are not made for a host of --resolve, nor for loopback that is ours alone', async () => {
    const proxy = await startHttpProxy({ names: names() });
    const { readUpstreamProxies } = await import('../../src/proxy/upstream/proxies/read-upstream-proxies.ts');
    const upstreamProxies = readUpstreamProxies({ env: {}, option: `http://127.0.0.1:${proxy.port}` });
    const audited = await startAuditedProxy(workspace.directory, {
      resolve: { 'origin.test:80': origin.ports.http },
      overrides: { upstreamProxies },
    });
    const code = ['-o', '/dev/null', '-w', '%{http_code}'];
    expect(await curl(audited, ...code, 'http://origin.test/random/10')).toBe('200');
    expect(await curl(audited, ...code, `http://127.0.0.1:${origin.ports.http}/random/10`)).toBe('200');
    expect(proxy.asked).toEqual([]);
    expect(audited.of('exchange-completed').map((fact) => fact.upstreamProxy)).toEqual([
      undefined,
      undefined,
    ]);
    await audited.close();
    await proxy.close();
  });
});

describe.each(['socks5', 'socks4'])('%s', (kind) => {
  it('gets addresses, as names are resolved here', async () => {
    const proxy = await startSocksProxy();
    const audited = await startAuditedProxy(
      workspace.directory,
      through(`${kind}://127.0.0.1:${proxy.port}`),
    );
    const url = `http://localhost:${origin.ports.http}/random/10`;
    expect(await curl(audited, '--noproxy', '', '-o', '/dev/null', '-w', '%{http_code}', url)).toBe('200');
    const asked = `${kind.toUpperCase()} 127.0.0.1:${origin.ports.http}`;
    expect(proxy.asked[0]?.replace('[0000:0000:0000:0000:0000:0000:0000:0001]', '127.0.0.1')).toBe(asked);
    await audited.close();
    await proxy.close();
  });
});

it('a proxy that is our own listener is refused', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, 'close');
  const options = through(`http://localhost:${port}`);
  await expect(
    startAuditedProxy(workspace.directory, { overrides: { ...options.overrides, port } }),
  ).rejects.toThrow(/where proxaudit itself listens/);
});
