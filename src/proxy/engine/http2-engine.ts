import type { ServerHttp2Stream } from 'node:http2';
import type { ClientConnection } from '../connection.ts';
import type { Exchanges } from '../exchange/exchanges.ts';
import { findDifferingNames } from '../exchange/used-names.ts';
import { firstOf } from '../exchange/raw-headers.ts';
import { formatAuthority, parseAuthority } from '../front/authority.ts';
import type { Destination } from '../types.ts';
import { createClientServer } from './client-server.ts';
import { TunnelEnd, type ConnectTunnel } from './connect-tunnel.ts';
import type { Http2Pair } from './http2-pair.ts';
import type { RelayedStream, TunnelBytes } from './relay-sessions.ts';
import { SessionPair } from './session-pair.ts';
import type { HeaderBlock } from './stream-headers.ts';
import { StreamRelay } from './stream-relay.ts';

export interface Http2Parts {
  readonly exchanges: Pick<Exchanges, 'start'>;
  /** Runs `action` when what was recorded until now is written, in the order of the calls; `onFailed` if it never will be. */
  readonly afterWritten: (action: () => void, onFailed: () => void) => void;
  /** A request came on a connection. */
  readonly onRequest: (connection: ClientConnection) => void;
  /**
   * Takes a tunnel within a session (CONNECT that the upstream has accepted), to look into it. Without it the tunnel passes
   * unread, as tunnels of extended CONNECT (RFC 8441) always do.
   */
  readonly onConnectStream?: (
    tunnel: ConnectTunnel,
    destination: Destination,
    connection: ClientConnection,
  ) => void;
}

export interface Http2Engine {
  serve(pair: Http2Pair): void;
  close(): void;
}

/** mockttp's HTTP/2 server for clients, without its rules, and node:http2 to upstreams. */
export async function createHttp2Engine(parts: Http2Parts): Promise<Http2Engine> {
  const server = await createClientServer();
  const pairs = new Set<SessionPair>();
  return {
    serve(pair) {
      const tunnel = tunnelOf(pair.connection);
      const sessions = new SessionPair(pair, {
        accept: (socket, settings) =>
          server.accept(socket, settings, (client, request) => {
            serveStream(parts, { pair, sessions, client, request });
          }),
        authority: formatAuthority(tunnel, pair.secure ? 'https' : 'http'),
        afterWritten: parts.afterWritten,
        takeTunnel: (relay, bytes) => takeTunnel(parts, pair.connection, { relay, bytes }),
        onClosed: () => pairs.delete(sessions),
      });
      pairs.add(sessions);
    },
    close() {
      for (const sessions of pairs) sessions.close();
    },
  };
}

interface OpenedStream {
  readonly pair: Http2Pair;
  readonly sessions: SessionPair;
  readonly client: ServerHttp2Stream;
  readonly request: HeaderBlock;
}

/** One request: recorded, and then sent on. */
function serveStream(parts: Http2Parts, { pair, sessions, client, request }: OpenedStream): void {
  const { connection, secure, address } = pair;
  const { raw } = request;
  const destination = tunnelOf(connection);
  parts.onRequest(connection);
  try {
    const recorder = parts.exchanges.start(connection, {
      method: firstOf(raw, ':method') ?? '',
      url: urlOf(destination, secure, firstOf(raw, ':path')),
      httpVersion: '2',
      headers: raw,
      destination,
      secure,
      names: findDifferingNames({ connect: destination.host, sni: connection.claimedName }, undefined, raw),
    });
    recorder.connected(sessions.takeTimings(), address, pair.unverifiedTls);
    sessions.add(new StreamRelay({ client, request, recorder, sessions }));
  } catch {
    // Fail closed: what cannot be recorded does not leave.
    sessions.abort();
  }
}

/** The URL of what is dialled, which is what a report may claim: `:authority` could name anything. */
function urlOf(destination: Destination, secure: boolean, path = '/'): string {
  const scheme = secure ? 'https' : 'http';
  return `${scheme}://${formatAuthority(destination, scheme)}${path === '*' ? '/*' : path}`;
}

function tunnelOf({ tunnel }: ClientConnection): Destination {
  if (tunnel === undefined) throw new Error('a pair of HTTP/2 sessions needs a tunnel');
  return tunnel;
}

/** Only that of an ordinary CONNECT: an extended one names what it speaks, which is no HTTP. */
function takeTunnel(
  { onConnectStream }: Http2Parts,
  connection: ClientConnection,
  { relay, bytes }: { readonly relay: RelayedStream; readonly bytes: TunnelBytes },
): boolean {
  const { client, upstream, request } = relay;
  const isOrdinary = firstOf(request.raw, ':protocol') === undefined;
  const destination = parseAuthority(firstOf(request.raw, ':authority') ?? '');
  if (onConnectStream === undefined || upstream === undefined || !isOrdinary || destination === undefined)
    return false;
  const tunnel = {
    client: new TunnelEnd(client, (count) => (bytes.bytesOut += count)),
    upstream: new TunnelEnd(upstream, (count) => (bytes.bytesIn += count)),
  };
  onConnectStream(tunnel, destination, connection);
  return true;
}
