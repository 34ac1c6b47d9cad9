import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startOrigin, type Origin } from '../helpers/origin/origin.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('streaming');
let origin: Origin;
let audited: AuditedProxy;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  origin = await startOrigin(authority);
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:80': origin.ports.http, 'origin.test:443': origin.ports.https },
  });
});

afterAll(async () => {
  await audited.close();
  await origin.close();
  workspace.remove();
});

async function openTunnel(port: number): Promise<Socket> {
  const socket = connect(audited.proxy.port, '127.0.0.1');
  socket.write(`CONNECT origin.test:${port} HTTP/1.1\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

async function openHttp2(): Promise<ClientHttp2Session> {
  const socket = await openTunnel(443);
  const ca = readFileSync(audited.caFile);
  const tls = connectTls({ socket, servername: 'origin.test', ca, ALPNProtocols: ['h2'] });
  await once(tls, 'secureConnect');
  return connectHttp2('https://origin.test', { createConnection: () => tls });
}

const curl = (...argv: string[]) =>
  runCommand([
    'curl',
    '-sS',
    '--max-time',
    '20',
    '--proxy',
    audited.url,
    '--cacert',
    audited.caFile,
    ...argv,
  ]);

/** By plain proxy connections, all of one client connection. */
function plainRequest(agent: Agent, path: string, headers: Record<string, string> = {}) {
  return httpRequest({
    agent,
    host: '127.0.0.1',
    port: audited.proxy.port,
    path: `http://origin.test${path}`,
    headers: { host: 'origin.test', ...headers },
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

describe('a slow response', () => {
  it.each(['1.1', '2'])('over HTTP/%s reaches the client event by event, not at its end', async (version) => {
    const at: number[] = [];
    const note = () => at.push(performance.now());
    if (version === '2') {
      const session = await openHttp2();
      const stream = session.request({ ':path': '/sse/4/300' });
      stream.on('data', note);
      await once(stream, 'close');
      session.close();
    } else {
      const agent = new Agent();
      const request = plainRequest(agent, '/sse/4/300').end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.on('data', note);
      await once(response, 'end');
      agent.destroy();
    }
    expect(at.length).toBeGreaterThanOrEqual(4);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThan(600);
  });

  it('sends its head before its body', async () => {
    const agent = new Agent();
    const request = plainRequest(agent, '/slow/300/1000').end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const headAt = performance.now();
    await readBody(response);
    expect(performance.now() - headAt).toBeGreaterThan(150);
    agent.destroy();
  });
});

describe('Expect: 100-continue', () => {
  it.each(['--http1.1', '--http2'])(
    '%s waits for the origin, and a refusal keeps the body back',
    async (version) => {
      const body = workspaceFile('expect', randomBody(200_000, 'expect'));
      const accepted = await curl(
        version,
        '-H',
        'Expect: 100-continue',
        '-T',
        body,
        'https://origin.test/expect/slow/300',
      );
      expect(accepted.stdout.toString()).toContain('"size":200000');
      const refused = await curl(
        version,
        '-H',
        'Expect: 100-continue',
        '-T',
        body,
        '-w',
        '%{http_code} %{size_upload}',
        'https://origin.test/expect/refuse',
      );
      // Over HTTP/2 curl may give up the stream on the head alone.
      expect(refused.stdout.toString()).toMatch(version === '--http2' ? /417 \d+$/ : /no\s+417/);
      if (version === '--http1.1') expect(refused.stdout.toString()).toMatch(/417 0$/);
    },
  );
});

describe('uploads', () => {
  it('of 8 MB over HTTP/2 pass flow control both ways', async () => {
    const body = randomBody(8_000_000, 'upload');
    const session = await openHttp2();
    const stream = session.request({ ':method': 'POST', ':path': '/mirror' });
    const hash = createHash('sha256');
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      hash.update(chunk);
    });
    stream.end(body);
    await once(stream, 'close');
    session.close();
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect({ size, sha256: hash.digest('hex') }).toEqual({ size: body.length, sha256 });
    await expect.poll(() => audited.exchanges('/mirror')).toHaveLength(1);
    const [exchange] = audited.exchanges('/mirror');
    expect(exchange?.request.body).toEqual({ size: body.length, sha256 });
    expect(exchange?.response?.body).toMatchObject({ size: body.length, sha256, complete: true });
  });

  it('carry their trailers', async () => {
    const socket = await openTunnel(80);
    socket.write(
      'POST /echo?trailers HTTP/1.1\r\nHost: origin.test\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n' +
        'Connection: close\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n',
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'close');
    expect(text).toContain('"trailers":{"x-sum":"42"}');
  });

  it('that the origin does not read pass its answer on', async () => {
    const body = workspaceFile('unread', randomBody(3_000_000, 'unread'));
    const result = await curl(
      '--http1.1',
      '-H',
      'Expect:',
      '-T',
      body,
      '-w',
      '%{http_code}',
      'https://origin.test/unread-upload',
    );
    // An origin that closes on unread bytes resets the connection, and its answer may be lost with it.
    expect(result.stdout.toString()).toMatch(/413$|upstream-reset[^]*502$/);
  });

  it('wait for a slow origin instead of piling up', async () => {
    const body = workspaceFile('slow', randomBody(30_000_000, 'slow'));
    const before = process.memoryUsage().rss;
    let peak = before;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const result = await curl(
      '--http1.1',
      '-H',
      'Expect:',
      '-T',
      body,
      'https://origin.test/slow-upload/1500',
    );
    clearInterval(timer);
    expect(result.stdout.toString()).toContain('"size":30000000');
  });
});

describe('upstream connections', () => {
  it('are reused, and one that went stale is replaced for a safe request', async () => {
    const agent = new Agent({ keepAlive: true });
    const connectionsOf = () =>
      new Set(
        origin.log
          .filter(({ path }) => path.startsWith('/random/5/reuse'))
          .map(({ connection }) => connection),
      );
    for (const index of [1, 2, 3]) {
      const request = plainRequest(agent, `/random/5/reuse?${index}`).end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      await readBody(response);
    }
    expect(connectionsOf().size).toBe(1);
    agent.destroy();
  });

  it('that carry NTLM belong to one client connection', async () => {
    const login = async (agent: Agent): Promise<string> => {
      const first = plainRequest(agent, '/ntlm', { authorization: 'NTLM one' }).end();
      const [challenge] = (await once(first, 'response')) as [IncomingMessage];
      expect(challenge.statusCode).toBe(401);
      await readBody(challenge);
      const second = plainRequest(agent, '/ntlm', { authorization: 'NTLM three' }).end();
      const [welcome] = (await once(second, 'response')) as [IncomingMessage];
      expect(welcome.statusCode).toBe(200);
      return readBody(welcome);
    };
    const agents = [1, 2].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    const [one, two] = await Promise.all(agents.map(login));
    expect(one).not.toBe(two);
    await sleep(50);
    const stranger = new Agent();
    const request = plainRequest(stranger, '/ntlm', { authorization: 'NTLM three' }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode, "nobody else's login").toBe(401);
    for (const agent of [...agents, stranger]) agent.destroy();
  });
});

function workspaceFile(name: string, content: Buffer): string {
  const file = `${workspace.directory}/${name}`;
  writeFileSync(file, content);
  return file;
}
