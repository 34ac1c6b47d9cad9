import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { status, type ChannelOptions } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { ProbeClient, type Outcome } from '../helpers/grpc/probe-client.ts';
import { startProbeServer, type ProbeServer } from '../helpers/grpc/probe-service.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('grpc');
const authority = createAuthority(workspace.directory);
let probe: ProbeServer;
let audited: AuditedProxy;

beforeAll(async () => {
  probe = await startProbeServer(authority.issue({ names: ['origin.test'] }));
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:443': probe.ports.secure, 'origin.test:80': probe.ports.plain },
  });
});

afterAll(async () => {
  await audited.close();
  probe.close();
  workspace.remove();
});

function connectProbe(isSecure: boolean, isDirect: boolean, options: ChannelOptions = {}): ProbeClient {
  const port = isSecure ? probe.ports.secure : probe.ports.plain;
  return new ProbeClient({
    address: isDirect ? `127.0.0.1:${port}` : `origin.test:${isSecure ? 443 : 80}`,
    roots: isSecure ? readFileSync(isDirect ? authority.file : audited.caFile) : undefined,
    proxy: isDirect ? undefined : audited.url,
    options,
  });
}

const after = (milliseconds: number, step: () => void) => void setTimeout(step, milliseconds);

/** Calls, and what they must come to beside being the same with and without the proxy. */
const calls: Record<
  string,
  {
    run: (client: ProbeClient, name: string) => Promise<Outcome>;
    expected: Partial<Outcome>;
    cancels?: boolean;
  }
> = {
  'a unary call with binary metadata': {
    run: (client) =>
      client.unary(Buffer.from('hello'), {
        'x-sent': 'a, b',
        'x-sent-bin': Buffer.from([0, 255, 10, 13, 44]),
      }),
    expected: {
      ...{ code: status.OK, messages: [5] },
      head: { 'content-type': [expect.anything()], 'x-sent': ['a, b'], 'x-sent-bin': ['00ff0a0d2c'] },
      trailers: { 'x-sent': ['a, b'], 'x-sent-bin': ['00ff0a0d2c'] },
    },
  },
  'a unary call of several megabytes': {
    run: (client) => client.unary(Buffer.alloc(6_000_000, 7)),
    expected: { code: status.OK, messages: [6_000_000] },
  },
  'an empty message': {
    run: (client) => client.unary(Buffer.alloc(0)),
    expected: { code: status.OK, messages: [0] },
  },
  'a failure told in trailers alone': {
    run: (client) => client.unary(Buffer.from('hello'), { 'x-fail': String(status.NOT_FOUND) }),
    expected: { code: status.NOT_FOUND, details: 'as you wished: 100 % ünïcode', messages: [] },
  },
  'a failure after messages': {
    run: (client) => client.produce({ 'x-count': '3', 'x-size': '10', 'x-fail': String(status.DATA_LOSS) }),
    expected: { code: status.DATA_LOSS, messages: [10, 10, 10] },
  },
  'client streaming': {
    run: (client) =>
      client.collect({}, (call) => {
        for (const size of [1, 70_000, 0, 3_000_000]) call.write(Buffer.alloc(size));
        call.end();
      }),
    expected: { code: status.OK },
  },
  'client streaming that the server ends early': {
    run: (client) =>
      client.collect({ 'x-stop-after': '2' }, (call) => {
        for (let index = 0; index < 4; index += 1) call.write(Buffer.alloc(1000));
      }),
    expected: { code: status.OUT_OF_RANGE, details: 'enough' },
  },
  'server streaming': {
    run: (client) => client.produce({ 'x-count': '5', 'x-size': '1000000' }),
    expected: { code: status.OK, messages: Array<number>(5).fill(1_000_000) },
  },
  '10,000 messages down one stream': {
    run: (client) => client.produce({ 'x-count': '10000', 'x-size': '100' }),
    expected: { code: status.OK, messages: Array<number>(10_000).fill(100) },
  },
  '10,000 messages on one stream, both ways': {
    run: (client) => client.echo({ 'x-sent': 'yes' }, (call) => void writeAll(call, 10_000)),
    expected: { code: status.OK, messages: Array.from({ length: 10_000 }, (_, index) => index % 300) },
  },
  'a conversation, message by message': {
    run: (client) =>
      client.echo({}, (call) => {
        let size = 1;
        call.write(Buffer.alloc(size));
        call.on('data', () => {
          size += 1;
          if (size > 20) call.end();
          else call.write(Buffer.alloc(size));
        });
      }),
    expected: { code: status.OK, messages: Array.from({ length: 20 }, (_, index) => index + 1) },
  },
  'a deadline that passes': {
    run: (client, name) =>
      client.unary(Buffer.from('x'), { 'x-call': `hang ${name}` }, { deadline: Date.now() + 2000 }),
    expected: { code: status.DEADLINE_EXCEEDED },
    cancels: true,
  },
  'a unary call that its client cancels': {
    run: (client, name) =>
      client.unary(Buffer.from('x'), { 'x-call': `hang ${name}` }, {}, (call) => {
        after(200, () => {
          call.cancel();
        });
      }),
    expected: { code: status.CANCELLED },
    cancels: true,
  },
  'a stream that its client cancels': {
    run: (client, name) =>
      client.produce({ 'x-call': `hang ${name}`, 'x-count': '2', 'x-size': '9' }, {}, (call) => {
        call.once('data', () => {
          after(100, () => {
            call.cancel();
          });
        });
      }),
    expected: { code: status.CANCELLED, messages: [9, 9] },
    cancels: true,
  },
};

async function writeAll(
  call: { write(message: Buffer): boolean; end(): void; once(event: 'drain', listener: () => void): unknown },
  count: number,
): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    if (!call.write(Buffer.alloc(index % 300))) await once(call as never, 'drain');
  }
  call.end();
}

/** Details that name the peer or tell how long something took. */
const withoutPlaces = ({ details, ...outcome }: Outcome) => ({
  ...outcome,
  details: details
    .replace(/\d+\.\d+s|127\.0\.0\.1:\d+/g, '*')
    .replace(/^Deadline exceeded.*$/, 'Deadline exceeded'),
});

let attempts = 0;

describe.each([
  ['TLS', true],
  ['prior knowledge in a tunnel', false],
])('gRPC of @grpc/grpc-js by %s', (way, isSecure) => {
  it.each(Object.entries(calls))('%s', async (title, { run, expected, cancels }) => {
    // Each attempt by a name of its own: the probe's log keeps them all.
    const name = `${way}, ${title}, ${(attempts += 1)}`;
    const client = connectProbe(isSecure, false);
    const bare = connectProbe(isSecure, true);
    const before = audited.of('exchange-completed').length;
    const withProxy = await run(client, `${name}, audited`);
    const without = await run(bare, `${name}, direct`);
    client.close();
    bare.close();
    expect(withProxy).toMatchObject(expected);
    expect(withoutPlaces(withProxy)).toEqual(withoutPlaces(without));
    if (cancels === true)
      await expect
        .poll(() => probe.log.cancelled.filter((call) => call.includes(name)).sort())
        .toEqual([`hang ${name}, audited`, `hang ${name}, direct`]);

    await expect.poll(() => audited.of('exchange-completed').length).toBe(before + 1);
    const exchange = audited.of('exchange-completed').at(-1);
    expect(exchange?.request).toMatchObject({ method: 'POST', httpVersion: '2' });
    expect(exchange?.request.url).toMatch(
      isSecure ? /^https:\/\/origin\.test\/audit\.Probe\// : /^http:\/\/origin/,
    );
    if (cancels === true) {
      const body = exchange?.response?.body;
      expect(exchange?.error?.code ?? (body?.complete === false ? body.error : 'whole')).toBe(
        'client-closed',
      );
      return;
    }
    expect(exchange?.response).toMatchObject({ status: 200, body: { complete: true } });
    const told = { ...exchange?.response?.headers, ...exchange?.response?.trailers };
    expect(told['grpc-status']).toBe(String(withProxy.code));
    const framed = withProxy.messages.reduce((sum, size) => sum + size + 5, 0);
    if (framed > 0) expect(exchange?.response?.body.size).toBe(framed);
  });

  it('a connection that is kept alive by pings goes on through a long silence', async () => {
    const client = connectProbe(isSecure, false, {
      'grpc.keepalive_time_ms': 100,
      'grpc.keepalive_timeout_ms': 5000,
    });
    const connections = audited.of('connection-opened').length;
    const outcome = await client.echo({}, (call) => {
      call.write(Buffer.alloc(1));
      after(1500, () => {
        call.write(Buffer.alloc(2));
        call.end();
      });
    });
    client.close();
    expect(outcome).toMatchObject({ code: status.OK, messages: [1, 2] });
    expect(audited.of('connection-opened').length).toBe(connections + 1);
  });

  it('100 calls at once on one connection', async () => {
    const client = connectProbe(isSecure, false);
    const before = audited.of('exchange-completed').length;
    const connections = audited.of('connection-opened').length;
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        index % 2 === 0
          ? client.unary(Buffer.alloc(50_000 + index))
          : client.produce({ 'x-count': '20', 'x-size': '20000' }),
      ),
    );
    client.close();
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set([status.OK]));
    expect(outcomes[98]?.messages).toEqual([50_098]);
    expect(outcomes[99]?.messages).toHaveLength(20);
    await expect.poll(() => audited.of('exchange-completed').length).toBe(before + 100);
    expect(audited.of('connection-opened').length).toBe(connections + 1);
  });
});

it('a server that shuts down in good order finishes its calls, and the next one is told that it is gone', async () => {
  const leaf = authority.issue({ names: ['origin.test'] });
  const first = await startProbeServer(leaf);
  const own = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: { 'origin.test:443': first.ports.secure },
  });
  const client = new ProbeClient({
    ...{ address: 'origin.test:443', roots: readFileSync(own.caFile), proxy: own.url },
  });
  const streaming = client.echo({}, (call) => {
    call.write(Buffer.alloc(1));
    call.once('data', () => {
      first.server.tryShutdown(() => undefined);
      after(300, () => {
        call.write(Buffer.alloc(2));
        call.end();
      });
    });
  });
  expect(await streaming).toMatchObject({ code: status.OK, messages: [1, 2] });
  const unreachable = await client.unary(Buffer.from('late'));
  expect(unreachable.code).toBe(status.UNAVAILABLE);
  client.close();
  await own.close();
  first.close();
});
