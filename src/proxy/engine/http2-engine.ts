import type { ServerHttp2Stream } from 'node:http2';
import type { DecisionPoint } from '../../model/decision.ts';
import type { ClientConnection } from '../connection.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import type { Exchanges, RecordedRequest } from '../exchange/exchanges.ts';
import { findDifferingNames } from '../exchange/used-names.ts';
import { firstOf, type RawHeaders } from '../exchange/raw-headers.ts';
import { formatAuthority } from '../authority.ts';
import { namesOf, type Tunnel } from '../tunnel.ts';
import type { Destination } from '../types.ts';
import { judgeRequest } from '../wire/judge-request.ts';
import { createClientServer } from './client-server.ts';
import { answerAfterRecord, type OwnStatus } from '../wire/own-answer.ts';
import type { InnerTunnel, WireParts } from '../wire/wire-parts.ts';
import { TunnelEnd } from './connect-tunnel.ts';
import type { Http2Pair } from './http2-pair.ts';
import type { RelayedStream, TunnelBytes } from './relay-sessions.ts';
import { buildOwnResponse, sendOwnResponse } from './own-response.ts';
import { SessionPair } from './session-pair.ts';
import type { HeaderBlock } from './stream-headers.ts';
import { StreamRelay } from './stream-relay.ts';

export interface Http2Parts {
  readonly exchanges: Pick<Exchanges, 'start'>;
  readonly decisions: DecisionPoint;
  /** Runs `action` when what was recorded until now is written, in the order of the calls; `onFailed` if it never will be. */
  readonly afterWritten: (action: () => void, onFailed: () => void) => void;
  /** A request came through a tunnel. */
  readonly onRequest: (connection: ClientConnection, tunnel: Tunnel) => void;
  /** Why a CONNECT within a session is answered by us; without it none is. */
  readonly refuseInnerTunnel?: WireParts['refuseInnerTunnel'];
  /** Takes a tunnel within a session, to look into it; without it, it passes unread, as those of RFC 8441 always do. */
  readonly enterInnerTunnel?: (inner: InnerTunnel) => void;
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
      const { destination, secure } = pair.tunnel;
      const sessions = new SessionPair(pair, {
        accept: (socket, settings) =>
          server.accept(socket, settings, (client, request) => {
            serveStream(parts, { pair, sessions, client, request });
          }),
        authority: formatAuthority(destination, secure ? 'https' : 'http'),
        afterWritten: parts.afterWritten,
        takeTunnel: (relay, bytes) => takeTunnel(parts, pair, { relay, bytes }),
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
function serveStream(parts: Http2Parts, opened: OpenedStream): void {
  const { pair, sessions, request } = opened;
  parts.onRequest(pair.connection, pair.tunnel);
  try {
    const { request: judged, denial } = judgeRequest(parts.decisions, describeStream(pair, request));
    const recorder = parts.exchanges.start(pair.connection, judged);
    recorder.connected(sessions.takeTimings(), pair.address, pair.unverifiedTls);
    if (denial !== undefined) answerStream(parts, opened, { recorder, status: 403, error: denial });
    else if (!isOrdinaryConnect(request.raw)) relayStream(opened, recorder);
    else serveConnect(parts, opened, recorder);
  } catch {
    // Fail closed: what cannot be recorded does not leave.
    sessions.abort();
  }
}

function describeStream({ tunnel }: Http2Pair, { raw }: HeaderBlock): RecordedRequest {
  const { destination, secure } = tunnel;
  return {
    method: firstOf(raw, ':method') ?? '',
    url: urlOf(destination, secure, firstOf(raw, ':path')),
    httpVersion: '2',
    headers: raw,
    destination,
    secure,
    names: findDifferingNames(namesOf(tunnel), undefined, raw),
  };
}

/** A tunnel within the session is judged as one of a connection's own. */
function serveConnect(parts: Http2Parts, opened: OpenedStream, recorder: ExchangeRecorder): void {
  const { sessions, request } = opened;
  const judged = parts.refuseInnerTunnel?.(firstOf(request.raw, ':authority') ?? '');
  if (judged === undefined) {
    relayStream(opened, recorder);
    return;
  }
  judged
    .then((refusal) => {
      if (refusal === undefined) relayStream(opened, recorder);
      else answerStream(parts, opened, { recorder, ...refusal });
    })
    .catch(() => {
      sessions.abort();
    });
}

function relayStream({ client, request, sessions }: OpenedStream, recorder: ExchangeRecorder): void {
  sessions.add(new StreamRelay({ client, request, recorder, sessions }));
}

interface Refusal {
  readonly recorder: ExchangeRecorder;
  readonly status: OwnStatus;
  readonly error: ExchangeError;
}

function answerStream(
  { afterWritten }: Http2Parts,
  { client, request, sessions }: OpenedStream,
  { recorder, status, error }: Refusal,
): void {
  const answer = buildOwnResponse(status, error);
  answerAfterRecord(recorder, answer, {
    afterWritten,
    send: () => {
      sendOwnResponse(client, answer, firstOf(request.raw, ':method') ?? '');
    },
    failClosed: () => {
      sessions.abort();
    },
  });
}

/** One that names no protocol; an extended one (RFC 8441) says what it speaks, which is no HTTP. */
function isOrdinaryConnect(raw: RawHeaders): boolean {
  return firstOf(raw, ':method') === 'CONNECT' && firstOf(raw, ':protocol') === undefined;
}

/** The URL of what is dialled, which is what a report may claim: `:authority` could name anything. */
function urlOf(destination: Destination, secure: boolean, path = '/'): string {
  const scheme = secure ? 'https' : 'http';
  return `${scheme}://${formatAuthority(destination, scheme)}${path === '*' ? '/*' : path}`;
}

function takeTunnel(
  { enterInnerTunnel }: Http2Parts,
  { connection, tunnel: outer }: Http2Pair,
  { relay, bytes }: { readonly relay: RelayedStream; readonly bytes: TunnelBytes },
): boolean {
  const { client, upstream, request } = relay;
  const authority = firstOf(request.raw, ':authority') ?? '';
  if (enterInnerTunnel === undefined || upstream === undefined) return false;
  if (!isOrdinaryConnect(request.raw)) return false;
  const ends = {
    client: new TunnelEnd(client, (count) => (bytes.bytesOut += count)),
    upstream: new TunnelEnd(upstream, (count) => (bytes.bytesIn += count)),
  };
  enterInnerTunnel({
    ...{ connection, authority, outer },
    client: { stream: ends.client, socket: ends.client },
    upstream: {
      stream: ends.upstream,
      socket: ends.upstream,
      timings: {},
      address: undefined,
      alpn: undefined,
    },
  });
  return true;
}
