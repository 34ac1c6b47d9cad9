import type {
  Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  ServerHttp2Session,
  ServerHttp2Stream,
  Settings,
} from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createComboServer } from 'mockttp/dist/server/http-combo-server';
import { sessionLimits } from './session-settings.ts';
import type { HeaderBlock } from './stream-headers.ts';

/** Called with each stream that a client opens. */
export type ServeStream = (stream: ServerHttp2Stream, request: HeaderBlock) => void;

/** What serves the client's side of pairs. */
export interface ClientServer {
  /** Makes a session of a connection, whose first frame has these settings. */
  accept(socket: Duplex, settings: Settings, serve: ServeStream): ServerHttp2Session;
}

/** What is used of mockttp's server beyond its public surface; a contract test pins it to the exact version. */
interface ComboInternals {
  readonly _http2Server: Http2Server;
}

type Serve = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void;

/** mockttp's server for HTTP/2, without its rules. */
export async function createClientServer(): Promise<ClientServer> {
  const opened = new WeakMap<ServerHttp2Stream, ServeStream>();
  const combo = await createCombo((request, response) => {
    if (!('stream' in request) || !('stream' in response)) return;
    opened.get(response.stream)?.(response.stream, { headers: request.headers, raw: request.rawHeaders });
  });
  const server = (combo as unknown as ComboInternals)._http2Server;
  raiseLimits(server);
  return {
    accept(socket, settings, serve) {
      const session = openSession(server, socket, settings);
      // Ahead of the server's own listener, which makes a request of the stream: by then it may have left its session.
      session.prependListener('stream', (stream: ServerHttp2Stream) => {
        opened.set(stream, serve);
      });
      return session;
    },
  };
}

async function createCombo(serve: Serve): Promise<Awaited<ReturnType<typeof createComboServer>>> {
  const combo = await createComboServer({
    debug: false,
    https: undefined,
    http2: true,
    socks: false,
    passthroughUnknownProtocols: false,
    keyLogStream: undefined,
    requestListener: serve,
    tlsClientErrorListener: () => undefined,
    tlsPassthroughListener: () => undefined,
    rawPassthroughListener: () => undefined,
  });
  // mockttp would answer CONNECT itself; here it goes to the upstream as any request.
  combo.removeAllListeners('connect');
  combo.on('connect', serve);
  return combo;
}

/** The settings are those of the server at that moment: node:http2 reads them when it makes the session, in this call. */
function openSession(server: Http2Server, socket: Duplex, settings: Settings): ServerHttp2Session {
  const unset = {
    maxConcurrentStreams: undefined,
    maxHeaderListSize: undefined,
    enableConnectProtocol: undefined,
  };
  server.updateSettings({ ...unset, ...settings });
  let session: ServerHttp2Session | undefined;
  const take = (made: ServerHttp2Session): void => {
    session = made;
  };
  server.once('session', take);
  server.emit('connection', socket);
  server.off('session', take);
  if (session === undefined) throw new Error('node:http2 has made no session');
  return session;
}

/** mockttp hands no such options on. Where Node keeps them otherwise than now, its own limits stand. */
function raiseLimits(server: Http2Server): void {
  const symbol = Object.getOwnPropertySymbols(server).find(({ description }) => description === 'options');
  if (symbol !== undefined)
    Object.assign((server as unknown as Record<symbol, object>)[symbol] ?? {}, sessionLimits);
}
