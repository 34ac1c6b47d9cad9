import { createServer, type AddressInfo, type Socket } from 'node:net';
import { listen } from './listener.ts';
import { LoopGuard } from './loop-guard.ts';
import type { Switchboard } from './switchboard.ts';
import type { Proxy, ProxyOptions } from './types.ts';

/** More client connections than this wait in the kernel's backlog or are dropped. */
const MAX_CONNECTIONS = 4096;

/** Listens, and audits every connection that comes. What serves them is loaded with the first one. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  server.maxConnections = MAX_CONNECTIONS;
  const guard = new LoopGuard(() => server.address() as AddressInfo | null);
  let loading: Promise<Switchboard> | undefined;
  const load = (): Promise<Switchboard> => (loading ??= loadSwitchboard());
  const loadSwitchboard = async (): Promise<Switchboard> => {
    const { createSwitchboard } = await import('./switchboard.ts');
    return createSwitchboard(options, guard);
  };

  let accepted = 0;
  server.on('connection', (socket) => {
    if (guard.endsLoop(socket)) {
      options.log?.warn('refused a connection of our own');
      return;
    }
    accepted += 1;
    const id = `c${accepted}`;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    load().then(
      (switchboard) => {
        switchboard.accept(socket, id);
      },
      (error: unknown) => {
        options.log?.error('connections cannot be served', { error });
        socket.destroy();
      },
    );
  });

  await listen(server, options, guard);
  const { port } = server.address() as AddressInfo;
  return {
    host: options.host,
    port,
    openConnections: () => sockets.size,
    warmUp: async () => (await load()).warmUp(),
    stop: async () => {
      server.close();
      await closeAll(sockets);
      await (await loading)?.close();
    },
  };
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
