import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { checkJournal } from '../helpers/audit-run.ts';
import { startProbeServer } from '../helpers/grpc/probe-service.ts';
import { useScene } from '../helpers/scene.ts';
import { completedIn, MAX_GROWTH_OF_EXCHANGES_MB, soak, type Completed, type Soak } from '../helpers/soak.ts';

// Many bodies at once: what DESIGN.md grants to exchanges holds for them, not what it grants to one body.
const scene = useScene('streams');

/** What the client says of a stream; it fails unless each message came back once, unchanged and in order. */
interface Told {
  readonly stream: number;
  readonly url: string;
  readonly came: number;
  /** Of all messages with the bytes that the protocol puts before each, as a server sends them. */
  readonly size: number;
  /** SHA-256 of all messages, each with a line end. */
  readonly sent: string;
  /** SHA-256 of all messages as gRPC puts them into a body. */
  readonly framed: string;
}

const client = (...args: readonly (string | number)[]): string =>
  [process.execPath, resolve('test/fixtures/programs/echo-streams.mjs'), ...args].join(' ');

async function outcomeOf({ journal, stdout }: Soak): Promise<{ told: Told[]; exchanges: Completed[] }> {
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told)
    .sort((a, b) => a.stream - b.stream);
  const exchanges: Completed[] = [];
  for await (const exchange of completedIn(journal)) exchanges.push(exchange);
  expect((await checkJournal(journal)).code).toBe(0);
  return { told, exchanges: exchanges.slice(1) };
}

it('500,000 messages on 10 gRPC streams, both ways: none is lost, none doubled, in little memory', async () => {
  const [streams, messages] = [10, 50_000];
  const probe = await startProbeServer(scene().authority.issue({ names: ['probe.test'] }));
  const ran = await soak(scene(), {
    name: 'gRPC',
    line: client('grpc', streams, messages, 'https://probe.test:443'),
    own: ['--resolve', `probe.test:443=127.0.0.1:${probe.ports.secure}`],
  }).finally(() => probe.close());
  const { told, exchanges } = await outcomeOf(ran);
  expect(told.map(({ stream, came }) => [stream, came])).toEqual(
    Array.from({ length: streams }, (_, stream) => [stream, messages]),
  );
  const wanted = told.map(({ size, framed }) => ({ size, sha256: framed }));
  const seen = exchanges.map(({ request, response, error }) => ({ request, response, error }));
  expect(seen).toHaveLength(streams);
  for (const body of wanted) {
    expect(seen).toContainEqual({
      request: expect.objectContaining({
        url: 'https://probe.test/audit.Probe/Echo',
        httpVersion: '2',
        body,
      }),
      response: expect.objectContaining({
        status: 200,
        body: expect.objectContaining({ ...body, complete: true }),
        trailers: expect.objectContaining({ 'grpc-status': '0' }),
      }),
      error: null,
    });
  }
  expect(ran.growth, ran.figures).toBeLessThanOrEqual(MAX_GROWTH_OF_EXCHANGES_MB);
});

it('200,000 messages on 20 WebSockets, both ways: none is lost, none doubled, in little memory', async () => {
  const [sockets, messages] = [20, 10_000];
  const { origin } = scene();
  const path = '/ws/echo';
  const ran = await soak(scene(), {
    name: 'WebSocket',
    line: client('ws', sockets, messages, `wss://origin.test${path}`, `ws://origin.test${path}`),
  });
  const { told, exchanges } = await outcomeOf(ran);
  const arrived = new Map(
    Array.from({ length: sockets }, (_, stream) => [
      `${path}/${stream}`,
      { came: 0, digest: createHash('sha256') },
    ]),
  );
  for (const { path: at, data } of origin.webSockets.messages) {
    const socket = arrived.get(at);
    if (socket === undefined) continue;
    socket.came += 1;
    socket.digest.update(Buffer.from(data, 'hex')).update('\n');
  }
  expect([...arrived.values()].map(({ came, digest }) => [came, digest.digest('hex')])).toEqual(
    told.map(({ sent }) => [messages, sent]),
  );
  expect(told.map(({ came }) => came)).toEqual(Array.from({ length: sockets }, () => messages));
  const seen = new Map(exchanges.map((exchange) => [exchange.request.url, exchange]));
  expect([seen.size, exchanges.length]).toEqual([sockets, sockets]);
  for (const { stream, url, size } of told) {
    const { request, response, upgrade } = seen.get(`${url.replace('ws', 'http')}/${stream}`) ?? {};
    expect([request?.method, response?.status]).toEqual(['GET', 101]);
    // A client's frames have a mask; both end with one that closes.
    const bytesIn = size + 4;
    const bytesOut = bytesIn + 4 * (messages + 1);
    expect(upgrade).toEqual({ protocol: 'websocket', bytesIn, bytesOut });
  }
  expect(ran.growth, ran.figures).toBeLessThanOrEqual(MAX_GROWTH_OF_EXCHANGES_MB);
});
