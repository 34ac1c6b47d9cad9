import type { ClientTrust } from '../ca-rejections.ts';
import type { SecureContext } from 'node:tls';
import type { Redaction } from '../types.ts';
import type { Dialler, UpstreamConnection } from '../upstream/dial.ts';
import type { WireParts } from '../wire/wire-parts.ts';
import type { Tunnel } from '../tunnel.ts';
import type { ClientConnection } from '../connection.ts';
import type { Endpoint } from '../endpoint.ts';

/** What tunnels work with. */
export interface TunnelParts extends WireParts {
  readonly dialler: Dialler;
  readonly redaction: Redaction;
  readonly trust: ClientTrust;
  readonly isPassedThrough: (host: string) => boolean;
  /** Hosts that ask for a certificate that we do not have: their clients may have it. */
  readonly wantsClientCertificate: (host: string) => boolean;
  /** What a client is shown for a name or an address. */
  readonly leafFor: (host: string) => SecureContext;
  /** What it is shown in place of a certificate that is not accepted, with the fault of that one. */
  readonly faultyLeafFor: (certificate: Buffer) => SecureContext;
  readonly serveHttp2: (pair: Http2Pair) => Promise<void>;
}

/** Two streams that speak HTTP/2. */
export interface Http2Pair {
  readonly connection: ClientConnection;
  readonly tunnel: Tunnel;
  readonly client: Endpoint;
  readonly upstream: UpstreamConnection;
  readonly unverifiedTls?: string | undefined;
}
