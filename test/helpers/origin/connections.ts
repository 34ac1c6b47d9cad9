import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import type { TLSSocket } from 'node:tls';

export interface ObservedConnection {
  readonly id: number;
  readonly scheme: 'http' | 'https';
  /** Server name of the TLS handshake, where there was one. */
  readonly sni?: string;
  readonly alpn?: string;
  /** Port of the client's side. */
  readonly clientPort: number;
}

/** Numbers the connections of all servers from 1; `numberOf` tells which one a request came on. */
export function numberConnections(servers: Record<string, Server>): {
  connections: readonly ObservedConnection[];
  numberOf: (request: IncomingMessage, server: string) => number;
} {
  const connections: ObservedConnection[] = [];
  const ids = new Map<string, number>();
  const add = (server: string, connection: Omit<ObservedConnection, 'id'>): void => {
    const id = connections.length + 1;
    connections.push({ id, ...connection });
    ids.set(`${server} ${connection.clientPort}`, id);
  };
  for (const [name, server] of Object.entries(servers)) {
    if (!name.startsWith('https')) {
      server.on('connection', (socket) => add(name, { scheme: 'http', clientPort: socket.remotePort ?? 0 }));
    } else {
      server.on('secureConnection', (socket: TLSSocket) =>
        add(name, { scheme: 'https', ...handshakeOf(socket) }),
      );
    }
  }
  return {
    connections,
    numberOf: (request, server) => ids.get(`${server} ${request.socket.remotePort ?? 0}`) ?? 0,
  };
}

function handshakeOf(socket: TLSSocket): Omit<ObservedConnection, 'id' | 'scheme'> {
  const sni: unknown = socket.servername;
  return {
    clientPort: socket.remotePort ?? 0,
    ...(typeof sni === 'string' && { sni }),
    ...(typeof socket.alpnProtocol === 'string' && { alpn: socket.alpnProtocol }),
  };
}
