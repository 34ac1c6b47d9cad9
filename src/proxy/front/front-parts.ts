import type { RecordFact } from '../../model/events.ts';
import type { Log } from '../../support/log.ts';
import type { ClientConnection } from '../connection.ts';
import type { Engine } from '../engine/engine.ts';
import type { RefusedConnections } from '../refused-connections.ts';
import type { Destination, Redaction, Via } from '../types.ts';
import type { Dial } from '../upstream/dial.ts';

/** What the front works with. */
export interface FrontParts {
  readonly record: RecordFact;
  readonly log: Log;
  readonly redaction: Redaction;
  readonly refused: RefusedConnections;
  readonly engine: () => Promise<Engine>;
  readonly dial: Dial;
  readonly isPassedThrough: (host: string) => boolean;
  /** Whether the client refused our certificate before, and is to pass unread for that. */
  readonly isRefuserToPass: (connection: ClientConnection) => Promise<boolean>;
  /** Finds out which protocol the upstream will speak, when the client offers HTTP/2. */
  readonly agreeProtocol: (
    connection: ClientConnection,
    offered: readonly string[],
  ) => Promise<string | undefined>;
  /** True for our own listener, which must never be dialled. */
  readonly leadsToUs: (destination: Destination) => Promise<boolean>;
  /** States that a tunnel to our own listener was refused. */
  readonly recordLoop: (connection: ClientConnection, via: Via, destination: Destination) => Promise<void>;
}
