import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createComboServer } from 'mockttp/dist/server/http-combo-server';
import { SocketTimingInfo } from 'mockttp/dist/util/socket-extensions';
import { buildSocketTimingInfo, getParentSocket } from 'mockttp/dist/util/socket-util';
import type { ClientConnection } from '../connection.ts';
import type { Pem } from '../types.ts';
import { mustDeclineUpgrade, rereadWithoutUpgrade } from './decline-upgrade.ts';
import { createLeafServers } from './leaf-servers.ts';
import { answerMalformed } from './malformed.ts';

export interface EngineHandlers {
  onRequest(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    connection: ClientConnection,
  ): void;
  onUpgrade(request: IncomingMessage, head: Buffer, connection: ClientConnection): void;
  /** CONNECT on a connection that was a plain proxy connection until now. */
  onConnect(request: IncomingMessage, head: Buffer, connection: ClientConnection): void;
  /** What came was no request that could be answered otherwise than by a refusal. */
  onRefused(connection: ClientConnection, reason: string): void;
  onTlsFailure(connection: ClientConnection, cause: string): void;
}

export interface Engine {
  /** Hands over a connection whose first bytes are TLS or HTTP and still unread. */
  inject(connection: ClientConnection): void;
  close(): void;
}

/** Larger request heads are answered with 431. */
const MAX_HEADER_BYTES = 256 * 1024;
const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 8 * 1024 * 1024;

const connectionOf = Symbol('proxaudit-connection');
type Tagged = Duplex & { [connectionOf]?: ClientConnection };

/** What we rely on in mockttp's server beyond its public surface; a contract test pins it to the exact version. */
interface ComboInternals {
  readonly _httpServer: HttpServer;
  tlsListener(socket: TLSSocket): void;
}

type ComboServer = Awaited<ReturnType<typeof createComboServer>>;

/** mockttp's server for HTTP/1, HTTP/2 and WebSocket behind our TLS, without its rules: requests come to our handlers. */
export async function createEngine(
  options: { mintLeaf: (host: string) => Pem },
  handlers: EngineHandlers,
): Promise<Engine> {
  const server = await createComboServer({
    debug: false,
    https: undefined,
    http2: true,
    socks: false,
    passthroughUnknownProtocols: false,
    keyLogStream: undefined,
    requestListener: (request, response) => {
      const connection = tagOf(request);
      if (connection === undefined) request.socket.destroy();
      else handlers.onRequest(request, response, connection);
    },
    tlsClientErrorListener: (socket, failure) => {
      tlsFailed(socket, failure.failureCause);
    },
    tlsPassthroughListener: () => undefined,
    rawPassthroughListener: () => undefined,
  });
  const internals = server as unknown as ComboInternals;
  const tlsFailed = (socket: TLSSocket, cause: string): void => {
    const connection = connectionOfSocket(socket);
    if (connection !== undefined) handlers.onTlsFailure(connection, cause);
  };
  configureHttp1(internals._httpServer);
  configureHttp2(server);
  listen(server, internals, handlers);
  const leafServers = serveTls(server, options.mintLeaf, tlsFailed);
  return {
    inject(connection) {
      tag(connection.socket, connection);
      const name = connection.sni ?? connection.tunnel?.host;
      if (connection.secure && name !== undefined) {
        leafServers.serve(name, connection.socket);
      } else {
        server.emit('connection', connection.socket);
      }
    },
    close() {
      internals._httpServer.closeAllConnections();
    },
  };
}

function serveTls(
  server: ComboServer,
  mintLeaf: (host: string) => Pem,
  onFailure: (socket: TLSSocket, cause: string) => void,
): ReturnType<typeof createLeafServers> {
  return createLeafServers(mintLeaf, {
    alpn: chooseAlpn,
    onSecure: (socket) => {
      // mockttp's own TLS server would have noted when the connection began.
      (socket as { [SocketTimingInfo]?: unknown })[SocketTimingInfo] ??= buildSocketTimingInfo();
      // In mockttp's own order: what listens for the event below reads the socket.
      (server as unknown as ComboInternals).tlsListener(socket);
      server.emit('secureConnection', socket);
    },
    onFailure,
  });
}

function listen(server: ComboServer, internals: ComboInternals, handlers: EngineHandlers): void {
  server.on('secureConnection', (socket: TLSSocket) => {
    const connection = connectionOfSocket(socket);
    if (connection !== undefined) tag(socket, connection);
    socket.on('error', () => undefined);
  });
  server.on('upgrade', (request: IncomingMessage, _socket: Duplex, head: Buffer) => {
    const connection = tagOf(request);
    if (connection === undefined) request.socket.destroy();
    else if (mustDeclineUpgrade(request)) rereadWithoutUpgrade(request, head, internals._httpServer);
    else handlers.onUpgrade(request, head, connection);
  });
  // mockttp answers CONNECT at once; the decision whether and how is the front's.
  server.removeAllListeners('connect');
  server.on('connect', (request: IncomingMessage, peer: Duplex | Http2ServerResponse, head: Buffer) => {
    const connection = 'writeHead' in peer ? undefined : tagOf(request);
    if (connection !== undefined && connection.tunnel === undefined)
      handlers.onConnect(request, head, connection);
    else {
      const inside = connection ?? tagOf(request);
      if (inside !== undefined) handlers.onRefused(inside, 'CONNECT inside of a tunnel is not served');
      refuseConnect(peer);
    }
  });
  answerMalformed(internals._httpServer, (socket, reason) => {
    const connection = connectionOfSocket(socket);
    if (connection !== undefined) handlers.onRefused(connection, reason);
  });
}

function configureHttp2(server: ComboServer): void {
  server.on('session', (session: ServerHttp2Session) => {
    session.settings({ initialWindowSize: STREAM_WINDOW });
    session.setLocalWindowSize(CONNECTION_WINDOW);
    session.on('error', () => undefined);
  });
}

function configureHttp1(http: HttpServer & { maxHeaderSize?: number; httpAllowHalfOpen?: boolean }): void {
  // A client that has said all may end its side and still read the answer (RFC 9112, 9.6).
  http.httpAllowHalfOpen = true;
  http.maxHeaderSize = MAX_HEADER_BYTES;
  http.keepAliveTimeout = 0;
  http.requestTimeout = 0;
  http.timeout = 0;
}

/** Offers the client what the upstream speaks, where the front has found that out. `this` is the TLS socket. */
function chooseAlpn(this: TLSSocket, { protocols }: { protocols: string[] }): string | undefined {
  const wanted = connectionOfSocket(this)?.alpn;
  if (wanted !== undefined && protocols.includes(wanted)) return wanted;
  return ['http/1.1', 'h2', 'http/1.0'].find((protocol) => protocols.includes(protocol)) ?? protocols[0];
}

function refuseConnect(peer: Duplex | Http2ServerResponse): void {
  if ('writeHead' in peer) {
    peer.writeHead(405);
    peer.end();
  } else {
    peer.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  }
}

function tag(socket: Duplex, connection: ClientConnection): void {
  (socket as Tagged)[connectionOf] = connection;
}

function tagOf(request: IncomingMessage): ClientConnection | undefined {
  return (request.socket as Tagged)[connectionOf] ?? connectionOfSocket(request.socket);
}

function connectionOfSocket(socket: Socket): ClientConnection | undefined {
  const own = (socket as Tagged)[connectionOf];
  if (own !== undefined) return own;
  const parent = getParentSocket(socket) as Tagged | undefined;
  return parent?.[connectionOf];
}
