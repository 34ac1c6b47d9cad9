import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Fact } from '../../src/model/events.ts';
import type { Process } from '../../src/model/exchange.ts';
import { ClientConnection } from '../../src/proxy/connection.ts';
import { Refusals } from '../../src/proxy/refusals.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function acceptFrom(findProcess: () => Promise<Process | undefined>): Promise<ClientConnection> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  sockets.push(client, socket);
  const connection = new ClientConnection('c1', socket, { record: () => undefined, findProcess });
  connection.sni = 'host.example';
  return connection;
}

it('a refusal is told also where the command ends before its process is known', async () => {
  const facts: Fact[] = [];
  const refusals = new Refusals({ record: (fact) => facts.push(fact), advise: () => 'mend it' });
  const connection = await acceptFrom(async () => {
    await sleep(100);
    return { pid: 7, name: 'curl', command: ['curl'] };
  });
  const noted = refusals.noteFailure(connection, 'cert-rejected');
  await refusals.conclude();
  expect(facts).toMatchObject([{ type: 'tls-failed', cause: 'cert-rejected', process: { pid: 7 } }]);
  await noted;
});
