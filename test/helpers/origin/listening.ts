import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server bound to an ephemeral port of 127.0.0.1. */
export interface Listening {
  readonly port: number;
  /** Ends every connection, then the listener. */
  close(): Promise<void>;
}

/** Binds `server` to loopback and remembers its sockets, so that `close` never waits for a client. */
export async function listenOnLoopback(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1', 1024);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port of 127.0.0.1 on which nothing listens: it was bound a moment ago and is closed again. */
export async function refusedPort(server: Server): Promise<number> {
  const listening = await listenOnLoopback(server);
  await listening.close();
  return listening.port;
}
