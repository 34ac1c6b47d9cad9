import type { DecisionPoint } from '../../model/decision.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { AfterWritten } from '../../model/events.ts';
import type { Route } from '../../model/route.ts';
import type { ClientConnection } from '../connection.ts';
import type { Exchanges } from '../exchange/exchanges.ts';
import type { RefusedConnections } from '../refused-connections.ts';
import type { Destination, Via } from '../types.ts';
import type { Dialler } from '../upstream/dial.ts';
import type { Endpoint } from '../wire/endpoint.ts';

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
  readonly servePlain: (connection: ClientConnection, onConnect: (destination: Destination) => void) => void;
}

/** A tunnel that a client asks for, and may have. */
export interface TunnelStart {
  readonly connection: ClientConnection;
  readonly client: Endpoint;
  readonly destination: Destination;
  readonly via: Via;
  readonly route: Exclude<Route, { action: 'refuse' }>;
  /**
   * Answers the client, once: with success, or with why there is no connection. Undefined where it was answered before, by
   * somebody else.
   */
  readonly answer: ((failure: ExchangeError | undefined) => Promise<void>) | undefined;
}
