import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { buildSync } from 'esbuild';
import { mintLeaf } from '../../src/certificates/mint-leaf.ts';
import { createRunCa } from '../../src/certificates/run-ca.ts';

export interface ChildResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface Bed {
  readonly directory: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly proxyPort: number;
  /** `host:port` of each CONNECT, in order. */
  readonly tunnels: string[];
  /** `METHOD URL BODY` of each request that reached the origin, and through how many connections. */
  readonly requests: string[];
  readonly connections: () => number;
  /** A certificate of the audit CA, and its key. */
  readonly leaf: { readonly cert: string; readonly key: string };
  reset(): void;
  run(script: string, options?: RunOptions): Promise<ChildResult>;
  close(): void;
}

export interface RunOptions {
  readonly node?: string;
  readonly env?: Record<string, string>;
  readonly kind?: 'cjs' | 'mjs';
}

/** A CONNECT proxy that leads every name to a local origin, and the preload as it is shipped. */
export async function makeBed(): Promise<Bed> {
  const directory = mkdtempSync(join(tmpdir(), 'preload test-'));
  buildPreload(directory);
  const ca = createRunCa('preload-test');
  writeFileSync(join(directory, 'ca.pem'), ca.certPem);
  const leaf = mintLeaf(ca, 'origin.example');
  const state = { tunnels: [] as string[], requests: [] as string[], connections: 0 };
  const listener: RequestListener = (request, response) => void answer(request, response, state.requests);
  const count = () => (state.connections += 1);
  const http = createHttpServer(listener).on('connection', count);
  const https = createHttpsServer(
    {
      cert: leaf.certPem,
      key: leaf.keyPem,
      SNICallback: (name, done) => {
        const { certPem, keyPem } = mintLeaf(ca, name === 'a.other' ? 'wrong.example' : name);
        done(null, createSecureContext({ cert: certPem, key: keyPem }));
      },
    },
    listener,
  ).on('connection', count);
  const proxy = createHttpServer((_request, response) => response.writeHead(405).end());
  const ports = { http: await listen(http), https: await listen(https) };
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    state.tunnels.push(request.url ?? '');
    tunnel(request.url ?? '', socket, ports);
  });
  const proxyPort = await listen(proxy);
  return {
    directory,
    httpPort: ports.http,
    httpsPort: ports.https,
    proxyPort,
    tunnels: state.tunnels,
    requests: state.requests,
    connections: () => state.connections,
    leaf: { cert: leaf.certPem, key: leaf.keyPem },
    reset: () => {
      state.connections = 0;
      state.tunnels.length = 0;
      state.requests.length = 0;
    },
    run: (script, options = {}) => runNode(script, { directory, proxyPort, ...options }),
    close: () => {
      for (const server of [http, https, proxy]) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function buildPreload(directory: string): void {
  const source = 'src/environment/node-preload';
  const common = { bundle: true, platform: 'node', format: 'cjs', minify: true, logLevel: 'error' } as const;
  buildSync({
    ...common,
    entryPoints: { preload: `${source}/preload.ts` },
    target: 'node12',
    outdir: directory,
    outExtension: { '.js': '.cjs' },
  });
  buildSync({
    ...common,
    entryPoints: { 'preload-fetch': `${source}/fetch-dispatcher.ts` },
    target: 'node18',
    outdir: directory,
    outExtension: { '.js': '.cjs' },
  });
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function answer(
  request: IncomingMessage,
  response: Parameters<RequestListener>[1],
  log: string[],
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  log.push(`${request.method ?? ''} ${request.url ?? ''} ${Buffer.concat(chunks).toString()}`.trim());
  if (request.url === '/hang') return;
  response.end(`seen ${request.url ?? ''}`);
}

function tunnel(authority: string, client: Socket, ports: { http: number; https: number }): void {
  client.on('error', () => undefined);
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(authority) ?? [];
  if (host === 'refused.example') {
    client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  if (host === 'closed.example') {
    client.destroy();
    return;
  }
  if (host === 'silent.example') return;
  // Split, as a slow proxy's answer would be.
  client.write('HTTP/1.1 200 Connection est');
  setTimeout(() => {
    client.write('ablished\r\nX: y\r\n\r\n');
    const upstream = connect(
      port === '443' || port === String(ports.https) ? ports.https : ports.http,
      '127.0.0.1',
    );
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    upstream.pipe(client).pipe(upstream);
  }, 5);
}

async function runNode(script: string, options: RunOptions & { directory: string; proxyPort: number }) {
  const { directory, proxyPort, node = process.execPath, kind = 'cjs' } = options;
  mkdirSync(join(directory, 'scripts'), { recursive: true });
  const file = join(directory, 'scripts', `${Math.random().toString(36).slice(2)}.${kind}`);
  writeFileSync(file, script);
  const proxy = `http://127.0.0.1:${proxyPort}`;
  const child = spawn(node, [file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      NODE_OPTIONS: `--require "${join(directory, 'preload.cjs')}"`,
      NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem'),
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      NO_PROXY: 'localhost,127.0.0.1,::1',
      PROXAUDIT_ACTIVE_RUN: 'r',
      PROXAUDIT_ACTIVE_CA: join(directory, 'ca.pem'),
      ...options.env,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { stdout, stderr, code };
}
