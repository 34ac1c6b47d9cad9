import { readFileSync } from 'node:fs';
import {
  connect as connectHttp2,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createComboServer } from 'mockttp/dist/server/http-combo-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';

/** What src/proxy/engine relies on in mockttp, at the exact version that is bundled. Mend the engine when this breaks. */
const seen: { method: string; raw: string[]; hasStream: boolean; by: string }[] = [];
let server: Http2Server;
let listening: Listening;
let session: ServerHttp2Session | undefined;

beforeAll(async () => {
  const serve = (by: string) => (request: unknown, response: unknown) => {
    const { method, rawHeaders } = request as Http2ServerRequest;
    const { stream } = response as Http2ServerResponse;
    seen.push({ method, raw: rawHeaders, hasStream: (request as Http2ServerRequest).stream === stream, by });
    stream.respond({ ':status': 200 }, { endStream: true, sendDate: false } as never);
  };
  const combo = await createComboServer({
    debug: false,
    https: undefined,
    http2: true,
    socks: false,
    passthroughUnknownProtocols: false,
    keyLogStream: undefined,
    requestListener: serve('request'),
    tlsClientErrorListener: () => undefined,
    tlsPassthroughListener: () => undefined,
    rawPassthroughListener: () => undefined,
  });
  combo.removeAllListeners('connect');
  combo.on('connect', serve('connect'));
  server = (combo as unknown as { _http2Server: Http2Server })._http2Server;
  listening = await listenOnLoopback(
    createServer((socket: Socket) => {
      server.updateSettings({ maxConcurrentStreams: 9, maxHeaderListSize: undefined });
      server.once('session', (made: ServerHttp2Session) => (session = made));
      session = undefined;
      server.emit('connection', socket);
      // The session is made within the call, with the settings of this moment.
      expect(session).toBeDefined();
    }),
  );
});

afterAll(() => listening.close());

async function request(headers: object, options: object = {}) {
  const client = connectHttp2('http://a.example', {
    createConnection: () => connect(listening.port, '127.0.0.1'),
    ...{ maxHeaderListPairs: 10_000, maxSendHeaderBlockLength: 1_000_000 },
  });
  await once(client, 'remoteSettings');
  const { maxConcurrentStreams } = client.remoteSettings;
  const stream = client.request(headers as never, options);
  const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];
  client.destroy();
  return { maxConcurrentStreams, answer };
}

describe('mockttp', () => {
  it('is the version that this was written for', () => {
    const { version } = JSON.parse(readFileSync('node_modules/mockttp/package.json', 'utf8')) as {
      version: string;
    };
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: { mockttp: string };
    };
    expect(devDependencies.mockttp).toBe(version);
    expect(version).toBe('4.6.5');
  });

  it('hands each HTTP/2 request over with its stream and its fields as they came, and adds no Date', async () => {
    const { answer, maxConcurrentStreams } = await request({ ':path': '/two', 'x-twice': ['a', 'b'] });
    expect(answer).not.toHaveProperty('date');
    expect(maxConcurrentStreams).toBe(9);
    expect(seen.at(-1)).toMatchObject({ method: 'GET', hasStream: true, by: 'request' });
    expect(seen.at(-1)?.raw.filter((name) => name === 'x-twice')).toHaveLength(2);
  });

  it('answers no expectation, and no CONNECT once its listener is taken away', async () => {
    await request({ ':path': '/expects', ':method': 'POST', expect: '100-continue' }, { endStream: true });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', by: 'request' });
    await request({ ':method': 'CONNECT', ':authority': 'b.example:1' });
    expect(seen.at(-1)).toMatchObject({ method: 'CONNECT', by: 'connect' });
  });

  it('keeps the options of its HTTP/2 server where the engine finds them', async () => {
    const options = Object.getOwnPropertySymbols(server).find(({ description }) => description === 'options');
    expect(options).toBeDefined();
    const kept = (server as unknown as Record<symbol, object>)[options as symbol];
    Object.assign(kept as object, { maxHeaderListPairs: 10_000 });
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x-${index}`, 'y']));
    await request({ ':path': '/many', ...many });
    expect(seen.at(-1)?.raw.length).toBeGreaterThan(600);
  });
});
