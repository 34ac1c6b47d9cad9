import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/events.ts';
import type { Process } from '../../src/model/exchange.ts';
import { ClientConnection } from '../../src/proxy/connection.ts';
import { Refusals } from '../../src/proxy/refusals.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function acceptFrom(
  findProcess: () => Promise<Process | undefined>,
  host = 'host.example',
): Promise<ClientConnection> {
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
  connection.sni = host;
  connection.secure = true;
  return connection;
}

it('a refusal is told also where the command ends before its process is known', async () => {
  const facts: Fact[] = [];
  const refusals = new Refusals({
    record: (fact) => facts.push(fact),
    advise: () => 'mend it',
    letsPass: false,
  });
  const connection = await acceptFrom(async () => {
    await sleep(100);
    return { pid: 7, name: 'curl', command: ['curl'] };
  });
  const noted = refusals.noteFailure(connection, 'cert-rejected');
  await refusals.conclude();
  expect(facts).toMatchObject([{ type: 'tls-failed', cause: 'cert-rejected', process: { pid: 7 } }]);
  await noted;
});

describe('who refused is let pass', () => {
  const curl: Process = { pid: 7, name: 'curl', command: ['curl'] };
  const facts: Fact[] = [];
  const create = (letsPass = true) => {
    facts.length = 0;
    return new Refusals({ record: (fact) => facts.push(fact), advise: () => 'mend it', letsPass });
  };
  const accept = (process: Process | undefined, host?: string) =>
    acceptFrom(() => Promise.resolve(process), host);

  it('the same process at the same host, and nobody else', async () => {
    const refusals = create();
    const first = await accept(curl);
    expect(await refusals.letsPass(first)).toBe(false);
    await refusals.noteFailure(first, 'cert-rejected');
    expect(await refusals.letsPass(await accept(curl))).toBe(true);
    expect(await refusals.letsPass(await accept(curl))).toBe(true);
    expect(await refusals.letsPass(await accept(curl, 'other.example'))).toBe(false);
    expect(await refusals.letsPass(await accept({ ...curl, pid: 8 }))).toBe(false);
    expect(await refusals.letsPass(await accept({ ...curl, command: ['wget'] }))).toBe(false);
    expect(await refusals.letsPass(await accept(undefined))).toBe(false);
    expect(facts).toMatchObject([{ type: 'tls-failed', cause: 'cert-rejected' }]);
  });

  it('whose refusal is still being looked into, too', async () => {
    const refusals = create();
    const slow = await acceptFrom(async () => {
      await sleep(50);
      return curl;
    });
    void refusals.noteFailure(slow, 'cert-rejected');
    expect(await refusals.letsPass(await accept(curl))).toBe(true);
  });

  it('who is not known: by the host', async () => {
    const refusals = create();
    await refusals.noteFailure(await accept(undefined), 'cert-rejected');
    expect(await refusals.letsPass(await accept(undefined))).toBe(true);
    expect(await refusals.letsPass(await accept(undefined, 'other.example'))).toBe(false);
  });

  it('not unless that is asked for', async () => {
    const refusals = create(false);
    await refusals.noteFailure(await accept(curl), 'cert-rejected');
    expect(await refusals.letsPass(await accept(curl))).toBe(false);
  });

  it.each(['no-shared-cipher', 'handshake-timeout', 'unknown'])('not for %s', async (cause) => {
    const refusals = create();
    await refusals.noteFailure(await accept(curl), cause);
    expect(await refusals.letsPass(await accept(curl))).toBe(false);
  });

  it('where a connection only ended: when it comes again, and never asked', async () => {
    const refusals = create();
    await refusals.noteFailure(await accept(curl), 'closed');
    expect(facts).toEqual([]);
    expect(await refusals.letsPass(await accept(curl))).toBe(true);
    expect(facts).toMatchObject([{ type: 'tls-failed', cause: 'closed-after-handshake' }]);
    await refusals.conclude();
    expect(facts).toHaveLength(1);
  });

  it('not where it asked something before', async () => {
    const refusals = create();
    refusals.noteRequest(await accept(curl));
    await refusals.noteFailure(await accept(curl), 'closed');
    expect(await refusals.letsPass(await accept(curl))).toBe(false);
  });

  it('not where the one that ended may have been a spare', async () => {
    const refusals = create();
    const used = await accept(curl);
    expect(await refusals.letsPass(used)).toBe(false);
    await refusals.noteFailure(await accept(curl), 'closed');
    expect(await refusals.letsPass(await accept(curl))).toBe(false);
    expect(facts).toEqual([]);
  });
});
