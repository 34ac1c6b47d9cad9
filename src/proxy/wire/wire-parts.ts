import type { DecisionPoint } from '../../model/decision.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { AfterWritten, RecordFact } from '../../model/events.ts';
import type { Log } from '../../support/log.ts';
import type { ClientConnection } from '../connection.ts';
import type { Exchanges } from '../exchange/exchanges.ts';
import type { UpstreamConnection } from '../upstream/dial.ts';
import type { Destination } from '../types.ts';
import type { Tunnel } from '../tunnel.ts';
import type { Endpoint } from '../endpoint.ts';
import type { PlainRouter } from './plain-route.ts';
import type { RequestHead } from './reader/message-head.ts';
import type { OwnStatus } from './own-answer.ts';

/** What every connection of the wire works with. */
export interface WireParts {
  readonly record: RecordFact;
  readonly afterWritten: AfterWritten;
  readonly exchanges: Exchanges;
  readonly decisions: DecisionPoint;
  readonly log: Log;
  /** Records that a connection passes unread from here on. */
  readonly recordUnparsed: (connection: ClientConnection, reason: string) => void;
  /** A request came through a tunnel. */
  readonly onRequest: (connection: ClientConnection, tunnel: Tunnel) => void;
  /** The words for what went wrong upstream; a fault of TLS is recorded as such. */
  readonly explainFailure: (
    error: unknown,
    destination: Destination,
    connection: ClientConnection,
  ) => ExchangeError;
  /** Why a CONNECT within a tunnel is answered by us; undefined where it goes on. */
  readonly refuseInnerTunnel: (
    authority: string,
  ) => Promise<{ readonly status: OwnStatus; readonly error: ExchangeError } | undefined>;
  /** A client's CONNECT was answered with success inside of a tunnel: what follows on both sides is a tunnel of its own. */
  readonly enterInnerTunnel: (inner: InnerTunnel) => void;
}

export interface InnerTunnel {
  readonly connection: ClientConnection;
  /** `host:port`, as the client named it. */
  readonly authority: string;
  readonly outer: Tunnel;
  readonly client: Endpoint;
  readonly upstream: UpstreamConnection;
}

/** A client connection whose requests name where they go. */
export interface PlainConnectionOptions {
  readonly connection: ClientConnection;
  readonly client: Endpoint;
  /** Where its requests lead, and what is changed in them. */
  readonly router: PlainRouter;
  /** A CONNECT came, and the client's stream is at what follows it. Without it, CONNECT is a request as any other. */
  readonly onConnect?: (destination: Destination, head: RequestHead) => void;
}
