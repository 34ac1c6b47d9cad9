import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { openHttp2, openTunnel } from '../helpers/http2/sessions.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('upgrades');
const authority = createAuthority(workspace.directory);
const leaf = authority.issue({ names: ['origin.test'] });
const listeners: Listening[] = [];
let audited: AuditedProxy;
let originPort: number;
/** What the origin heard on each connection. */
let connections: { heard: string }[] = [];
/** What the origin does with a connection; set by each test. */
let serve: (socket: Socket) => void;

const PATIENCE_MS = 20_000;
const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

beforeAll(async () => {
  const raw = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    const connection = { heard: '' };
    connections.push(connection);
    socket.on('data', (chunk: Buffer) => (connection.heard += chunk.toString('latin1').slice(0, 500)));
    serve(socket);
  });
  const servers = [
    raw,
    createSecureServer({ ...leaf, settings: { enableConnectProtocol: true } }, (_, response) =>
      response.end(),
    ),
  ];
  for (const server of servers) listeners.push(await listenOnLoopback(server));
  originPort = listeners[0]?.port ?? 0;
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:80': originPort, 'origin.test:443': listeners[1]?.port ?? 0 },
  });
});

beforeEach(() => {
  connections = [];
  serve = (socket) => {
    socket.once('data', () => {
      socket.write(switching);
      socket.pipe(socket);
    });
  };
});

afterAll(async () => {
  await audited.close();
  await Promise.all(listeners.map((listener) => listener.close()));
  workspace.remove();
});

/** A connection to the origin, without the proxy or with it, which may be half closed. */
async function reach(isDirect: boolean): Promise<Socket> {
  const socket = isDirect
    ? connect({ port: originPort, host: '127.0.0.1', allowHalfOpen: true })
    : await openTunnel({ proxyPort: audited.proxy.port, authority: 'origin.test:80' });
  socket.allowHalfOpen = true;
  socket.on('error', () => undefined);
  return socket;
}

const ask = (path: string, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: origin.test\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n${more}\r\n`;

/** Rejects with what was said on both sides where the end does not come. */
async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  try {
    await once(socket, 'end', { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new Error(`no end came after ${JSON.stringify({ text: text.slice(0, 500), connections })}`);
  }
  return text;
}

describe.each([true, false])('a connection that changes its protocol (direct: %s)', (isDirect) => {
  const path = `/upgrade-${isDirect ? 'direct' : 'audited'}`;

  it('may send a body with its request, as Docker does', async () => {
    serve = (socket) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (!text.endsWith('{"Tty":true}')) return;
        socket.write(`${switching}attached`);
        socket.once('data', (more: Buffer) => socket.end(` and got ${more.toString()}`));
        text = '';
      });
    };
    const socket = await reach(isDirect);
    socket.write(ask(`${path}/exec`, 'Content-Length: 12\r\n'));
    // One after the other: Node may call two timers in the wrong order when both are late.
    setTimeout(() => {
      socket.write('{"Tty"');
      setTimeout(() => socket.write(':true}'), 50);
    }, 50);
    socket.once('data', () => socket.write('input'));
    expect(await readToEnd(socket)).toBe(`${switching}attached and got input`);
    socket.end();
    if (isDirect) return;
    await expect.poll(() => audited.exchanges(`${path}/exec`)).toHaveLength(1);
    const [exchange] = audited.exchanges(`${path}/exec`);
    expect(exchange?.request.body.size).toBe(12);
    expect(exchange?.upgrade).toMatchObject({ protocol: 'tcp', bytesOut: 5 });
  });

  it('may send before it is answered', async () => {
    const socket = await reach(isDirect);
    serve = (origin) => {
      let text = '';
      origin.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.endsWith('early')) origin.end(`${switching}got it`);
        else if (text.endsWith('\r\n\r\n')) origin.write(switching);
      });
    };
    socket.write(`${ask(`${path}/early`)}early`);
    expect(await readToEnd(socket)).toContain('got it');
    socket.end();
  });

  it('may end one direction and go on in the other', async () => {
    serve = (origin) => {
      let text = '';
      origin.once('data', () => {
        origin.write(switching);
        origin.on('data', (chunk: Buffer) => (text += chunk.toString()));
        origin.once('end', () => setTimeout(() => origin.end(`after its end: ${text}`), 50));
      });
    };
    const client = await reach(isDirect);
    client.write(ask(`${path}/client-ends`));
    client.once('data', () => client.end('that is all'));
    expect(await readToEnd(client)).toBe(`${switching}after its end: that is all`);

    const heard = new Promise((resolve) => {
      serve = (origin) => {
        origin.once('data', () => {
          origin.end(`${switching}that is all`);
          let text = '';
          origin.on('data', (chunk: Buffer) => (text += chunk.toString()));
          origin.once('end', () => {
            resolve(text);
          });
        });
      };
    });
    const other = await reach(isDirect);
    other.write(ask(`${path}/server-ends`));
    expect(await readToEnd(other)).toBe(`${switching}that is all`);
    other.end('after its end');
    expect(await heard).toBe('after its end');
  });

  it('gets all that was sent before the end, however slowly it reads', async () => {
    const size = 20 * 1024 * 1024;
    serve = (origin) => {
      origin.once('data', () => {
        origin.write(switching);
        origin.end(Buffer.alloc(size));
      });
    };
    const socket = await reach(isDirect);
    socket.write(ask(`${path}/drain`));
    await once(socket, 'data');
    socket.pause();
    setTimeout(() => socket.resume(), 1000);
    let received = 0;
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    await once(socket, 'end');
    // The first part came with the answer.
    expect(received).toBeGreaterThan(size - 1024 * 1024);
    socket.end();
  });
});

it('an upgrade that is refused is answered as the upstream answers it', async () => {
  serve = (origin) => {
    origin.once('data', () => origin.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'));
  };
  const socket = await reach(false);
  socket.write(`${ask('/refused')}frames that nobody reads`);
  const head = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2';
  expect(await readToEnd(socket)).toBe(`${head}\r\n\r\nno`);
  socket.end();
});

it('WebSocket over HTTP/2 is announced where the upstream announces it', async () => {
  const tunnel = await openTunnel({ proxyPort: audited.proxy.port, authority: 'origin.test:443' });
  const session = await openHttp2(tunnel, audited.caFile);
  await once(session, 'remoteSettings');
  expect(session.remoteSettings.enableConnectProtocol).toBe(true);
  session.destroy();
});
