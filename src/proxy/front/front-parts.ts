import type { DecisionPoint } from '../../model/decision.ts';
import type { AfterWritten } from '../../model/events.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { Route } from '../../model/route.ts';
import type { ClientConnection } from '../connection.ts';
import type { Exchanges } from '../exchange/exchanges.ts';
import type { RefusedConnections } from '../refused-connections.ts';
import type { Destination, Via } from '../types.ts';
import type { Dialler } from '../upstream/dial.ts';
import type { Endpoint } from '../endpoint.ts';
import type { RequestHead } from '../wire/reader/message-head.ts';

/** What the front works with. */
export interface FrontParts {
  readonly refused: RefusedConnections;
  readonly exchanges: Exchanges;
  readonly afterWritten: AfterWritten;
  readonly decisions: DecisionPoint;
  readonly dialler: Pick<Dialler, 'leadsToUs'>;
  readonly isPassedThrough: (host: string) => boolean;
  readonly enterTunnel: (start: TunnelStart) => Promise<void>;
  /** Serves requests that name where they go, until a CONNECT comes. */
  readonly servePlain: (
    connection: ClientConnection,
    onConnect: (destination: Destination, head: RequestHead) => void,
  ) => void;
}

/** Why there is no connection, in the journal's words and in the dialler's. */
export interface ConnectFailure {
  readonly error: ExchangeError;
  readonly cause?: unknown;
}

/** A tunnel that a client asks for, and may have. */
export interface TunnelStart {
  readonly connection: ClientConnection;
  readonly client: Endpoint;
  readonly destination: Destination;
  readonly via: Via;
  readonly route: Exclude<Route, { action: 'refuse' }>;
  /** The client is told why there is no connection, where that can be told before it has said anything. */
  readonly wantsReason: boolean;
  /**
   * Answers the client, once: with success, or with why there is no connection. Undefined where it was answered before, by
   * somebody else.
   */
  readonly answer: ((failure?: ConnectFailure) => Promise<void>) | undefined;
}
