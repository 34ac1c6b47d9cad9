import type { Duplex } from 'node:stream';
import type { ClientConnection } from '../connection.ts';
import type { Tunnel } from '../tunnel.ts';
import type { DialTimings } from '../upstream/connect-tcp.ts';

/** A client connection and its upstream connection, both of which speak HTTP/2 and have said nothing that was read. */
export interface Http2Pair {
  readonly connection: ClientConnection;
  /** It says where every stream goes. */
  readonly tunnel: Tunnel;
  readonly client: Duplex;
  readonly upstream: Duplex;
  /** By RST of the TCP connection below. */
  readonly resetClient: () => void;
  readonly resetUpstream: () => void;
  /** Of the upstream; undefined where a proxy is on the way. */
  readonly address: string | undefined;
  /** Of the dial: a part of the first exchange. */
  readonly timings: DialTimings | undefined;
  /** Why the certificate of the upstream was not accepted, where the client went on all the same. */
  readonly unverifiedTls?: string | undefined;
}
