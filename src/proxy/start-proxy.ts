import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Arrival } from '../model/arrival.ts';
import type { Log } from '../support/log.ts';
import { reasonOf } from '../support/reason-of.ts';
import { listen } from './listener.ts';
import { LoopGuard } from './loop-guard.ts';
import { RefusedConnections } from './refused-connections.ts';
import type { Pipeline } from './pipeline.ts';
import type { Proxy, ProxyOptions } from './types.ts';

/** More client connections than this wait in the kernel's backlog or are dropped. */
const MAX_CONNECTIONS = 4096;
/** Of the event loop, after which nothing that waited is left unseen. */
const TURNS = 2;

/** Listens, and audits every connection that comes. What serves them is loaded with the first one. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const refused = new RefusedConnections(options.record);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  server.maxConnections = MAX_CONNECTIONS;
  const guard = new LoopGuard(() => server.address() as AddressInfo | null);
  let loading: Promise<Pipeline> | undefined;
  const load = (): Promise<Pipeline> =>
    (loading ??= Promise.all([import('./pipeline.ts'), options.observer?.()]).then(
      ([{ createPipeline }, observer]) => createPipeline(options, { refused, guard, observer }),
    ));

  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    acceptOne({ socket, id: `c${accepted}` }, { options, refused, load });
  });

  await listen(server, options, guard);
  tellUnaccepted(server, refused, options.log);
  const acceptPending = (): Promise<void> => untilUnchanged(() => accepted);
  const { port } = server.address() as AddressInfo;
  return {
    host: options.host,
    port,
    openConnections: () => sockets.size,
    acceptPending,
    warmUp: async () => {
      (await load()).warmUp();
    },
    stop: async () => {
      await acceptPending();
      server.close();
      await closeAll(sockets);
      await (await loading)?.close();
      refused.conclude();
    },
  };
}

interface AcceptParts {
  readonly options: ProxyOptions;
  readonly refused: RefusedConnections;
  readonly load: () => Promise<Pipeline>;
}

function acceptOne(arrival: Arrival<Socket>, { options, refused, load }: AcceptParts): void {
  const { socket } = arrival;
  // Before what serves it is loaded: a client that has closed can be told for a few milliseconds only.
  const admission = options.peers.admit(socket);
  load().then(
    (pipeline) => {
      pipeline.accept(arrival, admission);
    },
    (error: unknown) => {
      options.log?.error('connections cannot be served', { error });
      refused.add({ subject: 'proxaudit could not load what serves connections' });
      socket.destroy();
    },
  );
}

/** Connections that never come to be. */
function tellUnaccepted(server: Server, refused: RefusedConnections, log: Log | undefined): void {
  server.on('drop', () => {
    refused.add({ subject: `more than ${MAX_CONNECTIONS} connections at once` });
  });
  server.on('error', (error) => {
    log?.error('a connection could not be accepted', { error });
    refused.add({ subject: `it could not be accepted: ${reasonOf(error)}` });
  });
}

/** The event loop accepts one connection in each turn, and none in a turn that finds none. */
async function untilUnchanged(count: () => number): Promise<void> {
  for (let before = -1; before !== count();) {
    before = count();
    for (let turns = 0; turns < TURNS; turns++) await turn();
  }
}

async function closeAll(sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = [...sockets].map(
    (socket) =>
      new Promise((resolve) => {
        socket.once('close', resolve);
      }),
  );
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
}
