import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { BoundedMap } from '../../support/bounded-map.ts';
import type { Pem } from '../types.ts';

interface LeafServerHooks {
  readonly alpn: (this: TLSSocket, offer: { servername: string; protocols: string[] }) => string | undefined;
  readonly onSecure: (socket: TLSSocket) => void;
  readonly onFailure: (socket: TLSSocket, cause: string) => void;
}

const MAX_SERVERS = 500;

/**
 * TLS servers that answer clients, one per name or address with a leaf of its own. mockttp could do this too, but it
 * makes an RSA key first (100 to 400 ms, which a short command would wait for at its end) and its leaves name no
 * addresses.
 */
export function createLeafServers(
  mintLeaf: (host: string) => Pem,
  hooks: LeafServerHooks,
): { serve(host: string, socket: Socket): void } {
  const servers = new BoundedMap<string, Server>(MAX_SERVERS);
  const serverFor = (host: string): Server => {
    const known = servers.get(host);
    if (known !== undefined) return known;
    const { certPem, keyPem } = mintLeaf(host);
    const server = createServer({ cert: certPem, key: keyPem, ALPNCallback: hooks.alpn } as never);
    server.on('secureConnection', hooks.onSecure);
    server.on('tlsClientError', (error, socket) => {
      hooks.onFailure(socket, nameCause(error));
    });
    servers.set(host, server);
    return server;
  };
  return {
    serve(host, socket) {
      // TLS knows no half-open connections.
      socket.allowHalfOpen = false;
      serverFor(host).emit('connection', socket);
    },
  };
}

/** In mockttp's words, which also come from its own watch over connections that are dropped after the handshake. */
function nameCause(error: NodeJS.ErrnoException): string {
  if (/alert (?:bad )?certificate|alert unknown ca/.test(error.message)) return 'cert-rejected';
  if (error.message.includes('no shared cipher')) return 'no-shared-cipher';
  if (error.code === 'ECONNRESET') return 'reset';
  if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'handshake-timeout';
  return 'unknown';
}
