import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Process } from '../../src/model/exchange.ts';
import { createPeerLookup, type PeerLookup } from '../../src/attribution/peer-lookup.ts';
import type { SocketOwner } from '../../src/attribution/socket-owners.ts';
import { bundleProgram } from '../helpers/bundle.ts';
import { startProgram, type RunningProgram } from '../helpers/run-program.ts';

const runId = 'run-of-attribution-test';
const program = path.resolve('test/fixtures/programs/connect.py');
const redaction = {
  text: (text: string) => text.replaceAll('s3cret', 'REDACTED'),
  command: (argv: readonly string[]) => argv.map((word) => word.replaceAll('s3cret', 'REDACTED')),
};
const ownUid = process.getuid?.() ?? -1;
const isRoot = ownUid === 0;
const running: RunningProgram[] = [];

function createLookup(): PeerLookup {
  const lookup = createPeerLookup({
    runId,
    cwd: process.cwd(),
    redaction,
    environment: process.env,
  });
  if (lookup === undefined) throw new Error('no /proc/net/tcp');
  return lookup;
}

async function listen(host: string): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }).listen(0, host);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

interface Peer {
  readonly socket: Socket;
  readonly pid: number | undefined;
}

/** Starts a program that connects to the server, and returns our end of its connection. */
async function accept(
  server: Server,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Peer> {
  const accepted = once(server, 'connection');
  const started = startProgram(argv, { env, keepStdin: true });
  running.push(started);
  const [socket] = (await accepted) as [Socket];
  await started.prints('connected');
  return { socket, pid: started.process.pid };
}

afterEach(async () => {
  for (const { process: child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

describe.skipIf(process.platform !== 'linux')('the peer of a connection', () => {
  let server: Server;
  let server6: Server;

  beforeAll(async () => {
    server = await listen('127.0.0.1');
    server6 = await listen('::');
  });

  afterAll(() => {
    server.close();
    server6.close();
  });

  const python = (...args: string[]): string[] => ['python3', '-I', program, ...args];

  it('is found with its user and process', async () => {
    const lookup = createLookup();
    const { socket } = await accept(server, python('127.0.0.1', String(portOf(server)), String(ownUid)));
    const owner = await lookup.findOwner(socket);
    expect(owner?.uid).toBe(ownUid);
    if (owner === undefined) return;
    expect(lookup.isOurs(owner)).toBe(true);
    const found = await lookup.findProcess(owner);
    expect(found?.name).toMatch(/^python3/);
    expect(found?.command.slice(-3)).toEqual(['127.0.0.1', String(portOf(server)), String(ownUid)]);
    expect(found?.package).toBeUndefined();
    socket.destroy();
  });

  it.each(['::1', '::ffff:127.0.0.1'])('is found over %s', async (address) => {
    const lookup = createLookup();
    const { socket } = await accept(server6, python(address, String(portOf(server6))));
    const owner = await lookup.findOwner(socket);
    expect(owner?.uid).toBe(ownUid);
    if (owner !== undefined) expect((await lookup.findProcess(owner))?.command).toContain(address);
    socket.destroy();
  });

  it('is told apart from others, also when many ask at once', async () => {
    const lookup = createLookup();
    const clients: Socket[] = [];
    const accepted: Socket[] = [];
    const all = new Promise<void>((resolve) => {
      server.on('connection', (socket) => {
        if (accepted.push(socket) === 150) resolve();
      });
    });
    for (let index = 0; index < 150; index++) clients.push(connect(portOf(server), '127.0.0.1'));
    await all;
    const owners = await Promise.all(accepted.map((socket) => lookup.findOwner(socket)));
    expect(new Set(owners.map((owner) => owner?.inode)).size).toBe(150);
    expect(new Set(owners.map((owner) => owner?.uid))).toEqual(new Set([ownUid]));
    server.removeAllListeners('connection');
    for (const socket of [...clients, ...accepted]) socket.destroy();
  });

  it('each of several processes is found when all are asked for at once', async () => {
    const lookup = createLookup();
    const peers: Peer[] = [];
    for (let index = 0; index < 4; index++) {
      peers.push(
        await accept(server, python('127.0.0.1', String(portOf(server)), String(ownUid)), {
          ...process.env,
          INDEX: String(index),
        }),
      );
    }
    const found = await Promise.all(
      peers.map(async ({ socket }) => {
        const owner = await lookup.findOwner(socket);
        return owner && (await lookup.findProcess(owner))?.pid;
      }),
    );
    expect(new Set(found).size).toBe(4);
    expect(found).not.toContain(undefined);
    for (const { socket } of peers) socket.destroy();
  });

  it('is whose the kernel says or nobody, and no process, when the client has gone', async () => {
    const lookup = createLookup();
    const accepted = once(server, 'connection');
    const client = connect(portOf(server), '127.0.0.1');
    const [socket] = (await accepted) as [Socket];
    const owner = await lookup.findOwner(socket);
    client.destroy();
    await once(client, 'close');
    const after = await lookup.findOwner(socket);
    expect([undefined, ownUid]).toContain(after?.uid);
    expect([undefined, 0]).toContain(after?.inode);
    if (after !== undefined) expect(await lookup.findProcess(after)).toBeUndefined();
    if (owner !== undefined) expect(await lookup.findProcess({ ...owner, inode: 1 })).toBeUndefined();
    socket.destroy();
  });

  it('is not another connection with the same port', async () => {
    const lookup = createLookup();
    const { socket } = await accept(server, python('127.0.0.1', String(portOf(server))));
    const { remotePort, localPort } = socket;
    const elsewhere = { remoteAddress: '127.0.0.2', remotePort, localAddress: '127.0.0.1', localPort };
    expect(await lookup.findOwner(elsewhere)).toBeUndefined();
    expect(await lookup.findOwner({})).toBeUndefined();
    socket.destroy();
  });

  it('is described with the package whose script it is, and redacted', async () => {
    const lookup = createLookup();
    const env = {
      ...process.env,
      npm_lifecycle_event: 'postinstall',
      npm_package_name: 'left-pad-s3cret',
      npm_package_version: '1.3.0',
    };
    const line =
      'import socket,sys; c=socket.create_connection(("127.0.0.1", int(sys.argv[1]))); print("connected", flush=True); sys.stdin.read()';
    const { socket } = await accept(
      server,
      ['python3', '-c', line, String(portOf(server)), '--token=s3cret', 'x'.repeat(5_000), 'end'],
      env,
    );
    const owner = await lookup.findOwner(socket);
    const found = owner && (await lookup.findProcess(owner));
    expect(found).toMatchObject({ package: 'left-pad-REDACTED@1.3.0', script: 'postinstall' });
    expect(found?.command).toContain('--token=REDACTED');
    // Cut, and marked as cut.
    expect(found?.command.at(-1)).toMatch(/^x+…$/);
    expect(found?.command.join(' ').length).toBeLessThan(2_100);
    socket.destroy();
  });

  it('is described anew when it becomes another program', async () => {
    const lookup = createLookup();
    const line = [
      'import os,socket,sys,time',
      'c=socket.create_connection(("127.0.0.1", int(sys.argv[1]))); c.set_inheritable(True)',
      'print("connected", flush=True)',
      'sys.stdin.readline(); print("becoming", flush=True)',
      'os.execvp("sleep", ["sleep", "60"])',
    ].join('\n');
    const { socket } = await accept(server, ['python3', '-c', line, String(portOf(server))]);
    const owner = await lookup.findOwner(socket);
    if (owner === undefined) throw new Error('no owner');
    const before = await lookup.findProcess(owner);
    running[0]?.process.stdin?.write('\n');
    await running[0]?.prints('becoming');
    await expect.poll(async () => (await lookup.findProcess(owner))?.command).toEqual(['sleep', '60']);
    expect(before?.command).toContain(String(portOf(server)));
    socket.destroy();
  });

  /** What the lookup finds out about the other end. */
  async function find(lookup: PeerLookup, socket: Socket): Promise<Process> {
    const owner = await lookup.findOwner(socket);
    const found = owner && (await lookup.findProcess(owner));
    if (found === undefined) throw new Error('no process');
    return found;
  }

  const client = 'c=socket.create_connection(("127.0.0.1", int(sys.argv[1])))';
  const wait = 'print("connected", flush=True); sys.stdin.readline()';

  it('is told with where it runs and who started it', async () => {
    const lookup = createLookup();
    const line = `import os,socket,sys; os.chdir("test/fixtures"); ${client}; ${wait}`;
    const shell = ['sh', '-c', '"$@"; true', 'outer-shell', 'sh', '-c', '"$@"; true', 'inner-shell'];
    const { socket } = await accept(server, [...shell, 'python3', '-c', line, String(portOf(server))]);
    const found = await find(lookup, socket);
    expect(found.cwd).toBe('test/fixtures');
    expect(found.executable).toMatch(/^\/.*python3/);
    expect(found.parents?.map(({ command }) => command[3])).toEqual(['inner-shell', 'outer-shell']);
    expect(found.parents?.[1]?.pid).toBe(running[0]?.process.pid);
    socket.destroy();
  });

  it('belongs to the package of whoever started it, when its own environment is gone', async () => {
    const lookup = createLookup();
    const env = {
      ...process.env,
      npm_lifecycle_event: 'install',
      npm_package_name: 'pad',
      npm_package_version: '1.0.0',
    };
    const line = `import socket,sys; ${client}; ${wait}`;
    const argv = ['sh', '-c', `env -i "PATH=$PATH" "$@"; true`, 'sh'];
    const { socket } = await accept(server, [...argv, 'python3', '-c', line, String(portOf(server))], env);
    const found = await find(lookup, socket);
    expect(found).toMatchObject({ ecosystem: 'npm', package: 'pad@1.0.0', script: 'install' });
    socket.destroy();
  });

  it('is found when a thread connected', async () => {
    const lookup = createLookup();
    const line = `import socket,sys,threading
def work():
    global c
    ${client}
thread = threading.Thread(target=work); thread.start(); thread.join(); ${wait}`;
    const { socket, pid } = await accept(server, ['python3', '-c', line, String(portOf(server))]);
    // Shims may start the interpreter.
    const found = await find(lookup, socket);
    expect([found.pid, ...(found.parents ?? []).map((parent) => parent.pid)]).toContain(pid);
    socket.destroy();
  });

  it('is the one that opened the socket, when children inherit it', async () => {
    const lookup = createLookup();
    const line = `import os,socket,sys,time
os.setsid()
${client}
if os.fork() == 0: time.sleep(60)
print("forked", os.getpid(), flush=True); ${wait}`;
    const { socket } = await accept(server, ['python3', '-c', line, String(portOf(server))]);
    await running[0]?.prints('forked');
    const found = await find(lookup, socket);
    await running[0]?.prints(`forked ${found.pid}\n`);
    process.kill(-found.pid);
    socket.destroy();
  });

  it('is described anew when it becomes the same program with other arguments', async () => {
    const lookup = createLookup();
    const line = [
      'import os,socket,sys',
      `${client}; c.set_inheritable(True)`,
      'print("connected", flush=True); sys.stdin.readline(); print("becoming", flush=True)',
      'os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(60)", "again"])',
    ].join('\n');
    const { socket } = await accept(server, ['python3', '-c', line, String(portOf(server))]);
    const before = await find(lookup, socket);
    running[0]?.process.stdin?.write('\n');
    await running[0]?.prints('becoming');
    await expect.poll(async () => (await find(lookup, socket)).command.at(-1)).toBe('again');
    expect(before.command.at(-1)).toBe(String(portOf(server)));
    socket.destroy();
  });

  describe.skipIf(!isRoot)('under another user', () => {
    const other = '65534';

    /** A client that descends from us no more, because the shell that started it has ended. */
    async function acceptOrphan(env: NodeJS.ProcessEnv): Promise<Socket> {
      const argv = python('127.0.0.1', String(portOf(server)), other).join(' ');
      const accepted = once(server, 'connection');
      const started = startProgram(['sh', '-c', `(setsid sh -c 'sleep 20 | ${argv}' >/dev/null 2>&1 &)`], {
        env,
      });
      const [socket] = (await accepted) as [Socket];
      await started.ended;
      return socket;
    }

    it('is never taken for us when it has closed at once', async () => {
      const lookup = createLookup();
      const line = `import os,socket,sys; os.setgid(${other}); os.setuid(${other}); c=socket.socket(); c.connect(("127.0.0.1", int(sys.argv[1]))); c.sendall(b"x"); c.close(); print("closed", flush=True); sys.stdin.read()`;
      const accepted = once(server, 'connection');
      const started = startProgram(['python3', '-I', '-c', line, String(portOf(server))], {
        keepStdin: true,
      });
      running.push(started);
      const [socket] = (await accepted) as [Socket];
      const owner = await lookup.findOwner(socket);
      expect([undefined, Number(other)]).toContain(owner?.uid);
      await started.prints('closed');
      socket.destroy();
    });

    it('may use the listener when its environment is the run’s', async () => {
      const lookup = createLookup();
      const socket = await acceptOrphan({ ...process.env, PROXAUDIT_ACTIVE_RUN: runId });
      const owner = await lookup.findOwner(socket);
      expect(owner?.uid).toBe(65_534);
      expect(owner && lookup.isOurs(owner)).toBe(true);
      await end(lookup, owner);
      socket.destroy();
    });

    it('may use it without the environment when it descends from us', async () => {
      const lookup = createLookup();
      const { socket } = await accept(server, [
        'env',
        '-i',
        'PATH=/usr/bin:/bin',
        ...python('127.0.0.1', String(portOf(server)), other),
      ]);
      const owner = await lookup.findOwner(socket);
      expect(owner && lookup.isOurs(owner)).toBe(true);
      socket.destroy();
    });

    it('may use it where we may not look into it: root in a container', async () => {
      const driver = await bundleProgram('test/fixtures/programs/peer-driver.ts');
      const limits = ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace'];
      const command = [...limits, process.execPath, driver, ...python('127.0.0.1', 'PORT', other)];
      const { stdout } = await startProgram(command).ended;
      expect(JSON.parse(stdout.toString())).toEqual({ uid: 65_534, isOurs: true });
      await rm(path.dirname(driver), { recursive: true });
    });

    it('may not use it otherwise', async () => {
      const lookup = createLookup();
      const socket = await acceptOrphan({ ...process.env, PROXAUDIT_ACTIVE_RUN: 'another-run' });
      const owner = await lookup.findOwner(socket);
      expect(owner?.uid).toBe(65_534);
      expect(owner && lookup.isOurs(owner)).toBe(false);
      await end(lookup, owner);
      socket.destroy();
    });

    /** Ends the client, which also proves that it was still there to be looked at. */
    async function end(lookup: PeerLookup, owner: SocketOwner | undefined): Promise<void> {
      const found = owner && (await lookup.findProcess(owner));
      expect(found?.command).toContain(other);
      if (found !== undefined) process.kill(found.pid);
    }
  });
});
