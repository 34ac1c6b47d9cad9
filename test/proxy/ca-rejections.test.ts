import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/events.ts';
import type { Process } from '../../src/model/exchange.ts';
import { ClientConnection } from '../../src/proxy/connection.ts';
import { ClientTrust, type Intercepted } from '../../src/proxy/ca-rejections.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function acceptFrom(
  findProcess: () => Promise<Process | undefined>,
  host = 'host.example',
): Promise<Intercepted> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  sockets.push(client, socket);
  const connection = new ClientConnection('c1', socket, {
    record: () => undefined,
    onDropped: () => undefined,
    findProcess,
    proxyFor: () => undefined,
  });
  return { connection, host };
}

it('a rejection is recorded also where the command ends before its process is known', async () => {
  const facts: Fact[] = [];
  const trust = new ClientTrust({
    record: (fact) => facts.push(fact),
    advise: () => 'mend it',
    tunnelsAfterRejection: false,
  });
  const intercepted = await acceptFrom(async () => {
    await sleep(100);
    return { pid: 7, name: 'curl', command: ['curl'] };
  });
  const noted = trust.noteFailure(intercepted, 'cert-rejected');
  await trust.conclude();
  expect(facts).toMatchObject([{ type: 'tls-failed', cause: 'cert-rejected', process: { pid: 7 } }]);
  await noted;
});

describe('who rejected our certificate is tunnelled', () => {
  const curl: Process = { pid: 7, name: 'curl', command: ['curl'] };
  const facts: Fact[] = [];
  const create = (tunnelsAfterRejection = true) => {
    facts.length = 0;
    return new ClientTrust({
      record: (fact) => facts.push(fact),
      advise: () => 'mend it',
      tunnelsAfterRejection,
    });
  };
  const accept = (process: Process | undefined, host?: string) =>
    acceptFrom(() => Promise.resolve(process), host);

  it('the same process at the same host, and nobody else', async () => {
    const trust = create();
    const first = await accept(curl);
    expect(await trust.shouldTunnelAfterRejection(first)).toBe(false);
    await trust.noteFailure(first, 'cert-rejected');
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(true);
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(true);
    expect(await trust.shouldTunnelAfterRejection(await accept(curl, 'other.example'))).toBe(false);
    expect(await trust.shouldTunnelAfterRejection(await accept({ ...curl, pid: 8 }))).toBe(false);
    expect(await trust.shouldTunnelAfterRejection(await accept({ ...curl, command: ['wget'] }))).toBe(false);
    expect(await trust.shouldTunnelAfterRejection(await accept(undefined))).toBe(false);
    expect(facts).toMatchObject([{ type: 'tls-failed', cause: 'cert-rejected' }]);
  });

  it('whose rejection is still being looked into, too', async () => {
    const trust = create();
    const slow = await acceptFrom(async () => {
      await sleep(50);
      return curl;
    });
    void trust.noteFailure(slow, 'cert-rejected');
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(true);
  });

  it('who is not known: by the host', async () => {
    const trust = create();
    await trust.noteFailure(await accept(undefined), 'cert-rejected');
    expect(await trust.shouldTunnelAfterRejection(await accept(undefined))).toBe(true);
    expect(await trust.shouldTunnelAfterRejection(await accept(undefined, 'other.example'))).toBe(false);
  });

  it('not unless that is asked for', async () => {
    const trust = create(false);
    await trust.noteFailure(await accept(curl), 'cert-rejected');
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(false);
  });

  it.each(['no-shared-cipher', 'handshake-timeout', 'unknown'])('not for %s', async (cause) => {
    const trust = create();
    await trust.noteFailure(await accept(curl), cause);
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(false);
  });

  it('where a connection only ended: when it comes again, and never asked', async () => {
    const trust = create();
    await trust.noteFailure(await accept(curl), 'closed');
    expect(facts).toEqual([]);
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(true);
    expect(facts).toMatchObject([{ type: 'tls-failed', cause: 'closed-after-handshake' }]);
    await trust.conclude();
    expect(facts).toHaveLength(1);
  });

  it('not where it asked something before', async () => {
    const trust = create();
    trust.noteRequest(await accept(curl));
    await trust.noteFailure(await accept(curl), 'closed');
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(false);
  });

  it('not where the one that ended may have been a spare', async () => {
    const trust = create();
    const used = await accept(curl);
    expect(await trust.shouldTunnelAfterRejection(used)).toBe(false);
    await trust.noteFailure(await accept(curl), 'closed');
    expect(await trust.shouldTunnelAfterRejection(await accept(curl))).toBe(false);
    expect(facts).toEqual([]);
  });
});
