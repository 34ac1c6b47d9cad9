import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { readJournal } from '../helpers/audit-run.ts';
import { startProgram } from '../helpers/run-program.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('bypass');
/** An address of this machine that is not loopback. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
const alone = address === undefined ? ' (no address besides loopback)' : '';

const open: (() => unknown)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function listen(
  server: Server,
  place: { host: string; port: number } | { path: string },
): Promise<number> {
  server.listen(place);
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return typeof server.address() === 'string' ? 0 : (server.address() as AddressInfo).port;
}

let runs = 0;

interface Options {
  readonly options?: readonly string[];
  readonly env?: Record<string, string>;
  /** The command goes on until this stands in the journal; without it for a second and a half. */
  readonly until?: readonly string[];
}

/** Runs a command audited; it must end when stdin does. */
async function run(command: readonly string[], { options = [], env = {}, until }: Options = {}) {
  const { user, options: given } = scene();
  const file = join(user.directory, `journal-${(runs += 1)}.jsonl`);
  const argv = [process.execPath, 'bin/proxaudit.js', '-o', file, ...given, ...options, '--', ...command];
  const started = startProgram(argv, { env: { ...user.env, ...env }, keepStdin: true });
  const deadline = Date.now() + (until === undefined ? 1_500 : 30_000);
  const isThere = (text: string): boolean => existsSync(file) && readFileSync(file, 'utf8').includes(text);
  let isOver = false;
  void started.ended.finally(() => (isOver = true));
  while (!isOver && Date.now() < deadline && !(until?.every(isThere) ?? false)) await sleep(50);
  started.process.stdin?.end();
  const { stderr, status } = await started.ended;
  expect(status, stderr.toString()).toBe(0);
  const journal = readJournal(file);
  const [finished] = journal.of('run-finished');
  return {
    status,
    summary: stderr.toString(),
    spots: journal.of('blind-spot'),
    sampled: journal.of('connections-sampled'),
    verdict: finished?.completeness.verdict,
    reasons: finished?.completeness.reasons.join('\n') ?? '',
  };
}

const python = (...lines: string[]): string[] => [
  'python3',
  '-c',
  ['import os,socket,sys', ...lines].join('\n'),
];
const connectTo = (port: number): string => `c=socket.create_connection(("${address ?? ''}", ${port}))`;
const wait = 'sys.stdin.read()';

describe.skipIf(address === undefined)(`a program that ignores the proxy${alone}`, () => {
  const host = address ?? '';

  it('is named with where it connects, over TCP and UDP; names that are looked up are only noted', async () => {
    const port = await listen(createServer(), { host, port: 0 });
    const { spots, verdict, reasons, summary, sampled } = await run(
      python(
        connectTo(port),
        `u=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.connect(("${host}", 443))`,
        `d=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); d.connect(("${host}", 53))`,
        `w=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); w.sendto(b"x", ("${host}", 9))`,
        wait,
      ),
      { until: ['"bypass","subject":"python3', '(quic)', 'direct-dns', 'open-udp'] },
    );
    const program = expect.stringMatching(/^python3/) as string;
    expect(spots.find(({ transport }) => transport === 'tcp')).toMatchObject({
      kind: 'bypass',
      destination: { host, port },
      process: { name: program },
      subject: `python3 to ${host}:${port} (tcp)`,
    });
    expect(spots.map(({ kind, protocol }) => `${kind} ${protocol ?? '-'}`).sort()).toEqual([
      'bypass -',
      'bypass quic',
      'direct-dns dns',
      'open-udp -',
    ]);
    expect(verdict).toBe('incomplete');
    expect(reasons).toContain('2 connections went past the proxy: ');
    expect(reasons).toContain('names were looked up directly: python3');
    expect(reasons).toMatch(/by samples only: what lives less than \d+ ms may be missed/);
    expect(sampled[0]?.samples).toBeGreaterThan(1);
    expect(summary.replace(/\s+/g, ' ')).toContain(
      `! 2 connections went past the proxy: python3 to ${host}:`,
    );
  });

  it('is named with the package whose script it is', async () => {
    const port = await listen(createServer(), { host, port: 0 });
    const env = { npm_lifecycle_event: 'postinstall', npm_package_name: 'pad', npm_package_version: '1.0.0' };
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const line = `require('net').connect(${port}, '${host}'); process.stdin.resume().on('end', () => process.exit())`;
    const { spots } = await run(['env', ...variables, 'node', '-e', line], { until: ['bypass'] });
    expect(spots).toMatchObject([
      {
        subject: `pad@1.0.0 postinstall (node) to ${host}:${port} (tcp)`,
        process: { package: 'pad@1.0.0', script: 'postinstall' },
      },
    ]);
  });

  it('is found when it left the process tree', async () => {
    const server = createServer();
    const port = await listen(server, { host, port: 0 });
    server.on('connection', (socket) => setTimeout(() => socket.destroy(), 4_000));
    const { spots } = await run(
      python(
        'if os.fork(): sys.stdin.read(); os._exit(0)',
        'os.setsid()',
        'if os.fork(): os._exit(0)',
        `${connectTo(port)}; c.recv(1)`,
      ),
      { until: ['bypass'], options: ['--drain', '0'] },
    );
    expect(spots.find(({ kind }) => kind === 'bypass')?.destination).toMatchObject({ host, port });
  });

  it('may be missed when it is short, and the report says so', async () => {
    const port = await listen(createServer(), { host, port: 0 });
    const { verdict, reasons } = await run(python(`${connectTo(port)}; c.close()`));
    expect(['proxied-only', 'incomplete']).toContain(verdict);
    expect(reasons).toMatch(/may be missed|are not seen/);
  });

  it('is not who asks through the proxy, whatever we dial for it, nor who serves', async () => {
    const server = createHttpServer((_, response) => setTimeout(() => response.end('slow'), 1_500));
    const port = await listen(server, { host, port: 0 });
    const told = join(scene().user.directory, 'served-port');
    const line = [
      'import urllib.request',
      `s=socket.create_server(("${host}", 0)); open("${told}", "w").write(str(s.getsockname()[1]) + "\\n"); a=s.accept()`,
      'print(urllib.request.urlopen("http://slow.test/", timeout=60).read(), flush=True)',
    ];
    const knock = setInterval(() => {
      const served = existsSync(told) ? Number(/^(\d+)\n/.exec(readFileSync(told, 'utf8'))?.[1]) : NaN;
      if (Number.isNaN(served)) return;
      clearInterval(knock);
      const client = connect(served, host);
      open.push(() => client.destroy());
    }, 50);
    open.push(() => clearInterval(knock));
    const { spots, verdict, sampled } = await run(python(...line), {
      options: ['--resolve', `slow.test:80=${host}:${port}`],
    });
    expect(spots).toEqual([]);
    expect(verdict).toBe('proxied-only');
    expect(sampled[0]?.samples).toBeGreaterThan(2);
  });
});

describe('with --include-local, a connection over loopback', () => {
  const options = ['--include-local'];

  it.each(['127.0.0.1', '::1'])('to somebody else is a bypass (%s)', async (host) => {
    const port = await listen(createServer(), { host, port: 0 });
    const line = `c=socket.create_connection(("${host}", ${port}))`;
    const { spots, verdict } = await run(python(line, wait), { options, until: ['"kind":"bypass"'] });
    const shown = host.includes(':') ? `[${host}]` : host;
    expect(spots).toMatchObject([
      { kind: 'bypass', subject: `python3 to ${shown}:${port} (tcp)`, destination: { host, port } },
    ]);
    expect(verdict).toBe('incomplete');
  });

  it('to another process of the run is one too, also where that has stopped to listen', async () => {
    const lines = [
      's=socket.create_server(("127.0.0.1", 0)); port=s.getsockname()[1]',
      'if os.fork() == 0: c=socket.create_connection(("127.0.0.1", port)); sys.stdin.read(); os._exit(0)',
      'a=s.accept(); s.close()',
      wait,
    ];
    const { spots } = await run(python(...lines), { options, until: ['"kind":"bypass"'] });
    expect(spots).toMatchObject([{ kind: 'bypass', transport: 'tcp' }]);
  });

  it('is none to us, from us to the upstream, or of a process to itself', async () => {
    const server = createHttpServer((_, response) => setTimeout(() => response.end('slow'), 1_200));
    const port = await listen(server, { host: '127.0.0.1', port: 0 });
    const lines = [
      'import urllib.request',
      's=socket.create_server(("127.0.0.1", 0)); c=socket.create_connection(s.getsockname()); a=s.accept()',
      `print(urllib.request.urlopen("http://127.0.0.1:${port}/", timeout=60).read(), flush=True)`,
    ];
    const { spots, verdict, sampled } = await run(python(...lines), { options });
    expect([spots, verdict]).toEqual([[], 'proxied-only']);
    expect(sampled[0]?.samples).toBeGreaterThan(2);
  });
});

describe('a daemon', () => {
  it('is named when a process of the run talks to its socket', async () => {
    const path = join(scene().user.directory, 'docker.sock');
    await listen(createServer(), { path });
    const line = `c=socket.socket(socket.AF_UNIX); c.connect("${path}")`;
    const { spots, verdict, reasons } = await run(python(line, wait), { until: ['Docker daemon'] });
    expect(spots).toMatchObject([
      {
        kind: 'daemon',
        subject: 'Docker daemon',
        process: { command: [expect.any(String), '-c', expect.any(String)] },
      },
    ]);
    expect(verdict).toBe('incomplete');
    expect(reasons).toContain('unseen: Docker daemon');
  });

  it('is not named when somebody else talks to it', async () => {
    const path = join(scene().user.directory, 'podman.sock');
    await listen(createServer(), { path });
    const line = `require('child_process').spawn('cat'); process.stdin.resume().on('end', () => process.exit())`;
    setTimeout(() => {
      const client = connect(path);
      open.push(() => client.destroy());
    }, 400);
    expect((await run(['node', '-e', line])).spots).toEqual([]);
  });

  it('is named when it ran before and is asked over loopback', async () => {
    const name = 'org.gradle.launcher.daemon.bootstrap.GradleDaemon';
    const serve = `import socket,sys; s=socket.create_server(("127.0.0.1", 0)); print("port", s.getsockname()[1], flush=True); sys.stdin.read()`;
    const daemon = startProgram(['python3', '-c', serve, name], { keepStdin: true });
    open.push(() => daemon.process.kill('SIGKILL'));
    let said = '';
    daemon.process.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await daemon.prints('\n');
    const port = Number(/port (\d+)/.exec(said)?.[1]);
    const line = `c=socket.create_connection(("127.0.0.1", ${port}))`;
    const { spots } = await run(python(line, wait), { until: ['Gradle daemon'] });
    expect(spots).toMatchObject([{ kind: 'daemon', subject: 'Gradle daemon' }]);
  });
});

const wayOut = 'ip link add way-out type veth peer name other';
const cannotUnshare = spawnSync('unshare', ['-rn', ...wayOut.split(' ')]).status !== 0;
const noNamespace = cannotUnshare ? ' (no network namespace can be made)' : '';

describe.skipIf(cannotUnshare)(`a process with a network of its own${noNamespace}`, () => {
  it.each([
    ['is named when that has a way out', `${wayOut}; cat; true`, ['other-network']],
    ['is not named when it has nothing but loopback', 'cat; true', []],
  ])('%s', async (_, line, kinds) => {
    const { spots } = await run(
      ['unshare', '-rn', 'sh', '-c', line],
      kinds.length === 0 ? {} : { until: ['other-network'] },
    );
    expect(spots.map(({ kind }) => kind)).toEqual(kinds);
  });
});

it('nothing is found for a command that is over at once', async () => {
  const { spots, reasons } = await run(['true']);
  expect(spots).toEqual([]);
  expect(reasons).toContain('programs that ignore proxy variables are');
});
