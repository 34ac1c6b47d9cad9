import type { Socket } from 'node:net';
import type { DecisionPoint } from '../model/decision.ts';
import type { AfterWritten, RecordFact } from '../model/events.ts';
import type { BodyContent, Headers, Process } from '../model/exchange.ts';
import type { ExchangeObserver } from '../model/observer.ts';
import type { Log } from '../support/log.ts';

/** Where a connection aims at: a host name or an IP address without brackets, and a port. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** How traffic is made fit to be stored. Nothing reaches a fact without it. */
export interface Redaction {
  url(url: string): string;
  /** From a flat name/value list to the allow-listed headers. */
  headers(raw: readonly string[]): Headers;
  text(text: string): string;
  /** A body, or with `isCut` the beginning of one. */
  body(
    bytes: Buffer,
    facts: { contentType: string | undefined; isCut: boolean },
  ): Omit<BodyContent, 'truncated'>;
}

/**
 * `other-user`: the connection belongs to another user of this machine. `unidentified`: its client has closed it, and
 * may have been another user's.
 */
export type Admission = 'admitted' | 'other-user' | 'unidentified';

/** Who is at the other end of a loopback connection to us. */
export interface Peers {
  /** Never rejects. To be asked as soon as the connection is there: a client that only sends is gone a moment later. */
  admit(socket: Socket): Promise<Admission>;
  processOf(socket: Socket): Promise<Process | undefined>;
  /** Whether the system shows the client's end of it; false where it does not tell. Never rejects. */
  seesClient(socket: Socket): Promise<boolean>;
}

export interface Pem {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface ResolveRule {
  readonly host: string;
  /** Undefined: every port of that host. */
  readonly port: number | undefined;
  readonly address: string;
  readonly toPort: number | undefined;
}

/** A certificate of ours, for servers that ask who we are. */
export interface ClientCertificate extends Pem {
  /** An exact name, an address, or `*.suffix`. */
  readonly host: string;
  /** Undefined: every port of it. */
  readonly port: number | undefined;
}

export type ProxyProtocol = 'http' | 'https' | 'socks4' | 'socks4a' | 'socks5' | 'socks5h';

/** For which traffic a proxy is asked: `all` is what is no HTTP and came by SOCKS. */
export type ProxyUse = 'http' | 'https' | 'all';

/** A proxy between us and the network. */
export interface UpstreamProxy {
  readonly protocol: ProxyProtocol;
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Its URL without credentials: what facts and messages call it. */
  readonly shown: string;
  /** The option or variable that names it. */
  readonly source: string;
}

/** What the user's settings say about the way of each connection. */
export interface UpstreamProxies {
  /** The proxy on the way to a destination; undefined is the direct way. */
  choose(destination: Destination, use: ProxyUse): UpstreamProxy | undefined;
  /** The proxy of a use, exceptions aside. */
  of(use: ProxyUse): UpstreamProxy | undefined;
  /** Whether a URL names the proxy of a use; an empty one names the direct way. */
  isInUse(use: ProxyUse, url: string): boolean;
  /** Values that must not appear anywhere. */
  readonly secrets: readonly string[];
}

export interface ProxyOptions {
  /** The address to listen on. */
  readonly host: string;
  /** 0 for an ephemeral one. */
  readonly port: number;
  readonly record: RecordFact;
  /** For bytes that must not go on before what was recorded of them. */
  readonly afterWritten: AfterWritten;
  /** Our own diagnostics; default none. */
  readonly log?: Log;
  readonly redaction: Redaction;
  readonly peers: Peers;
  /** A leaf of the audit CA for a name or an address. */
  readonly mintLeaf: (host: string) => Pem;
  /** A leaf that our CA did not sign, with the fault of a certificate (in DER) that is not accepted. */
  readonly mintFaultyLeaf: (certificate: Buffer) => Pem;
  /** Roots that upstream certificates are verified against; read on the first upstream TLS connection. */
  readonly upstreamRoots: () => readonly string[];
  readonly resolve: readonly ResolveRule[];
  /** The proxies between us and the network; undefined is none at all. */
  readonly upstreamProxies: UpstreamProxies | undefined;
  readonly clientCertificates: readonly ClientCertificate[];
  /** Hosts whose connections are tunnelled unread: exact names, or `*.suffix`. */
  readonly passthrough: readonly string[];
  /** `tunnel`: a client that refused our certificate passes unread from then on, towards the same host. Default `fail`. */
  readonly onRefusal?: 'fail' | 'tunnel';
  /** So many bytes of each body are kept in its exchange; default 0. */
  readonly bodyBytes?: number;
  /** Default: everything is allowed. */
  readonly decisions?: DecisionPoint;
  /** Looks at exchanges as they pass. */
  readonly observer?: (() => Promise<ExchangeObserver>) | undefined;
  /** The line that mends a client's refusal of our CA. */
  readonly adviseRefusal: (process: Process | undefined, host: string) => string;
}

export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Connections that clients still hold open. */
  readonly openConnections: () => number;
  /** Resolves when every connection that clients have opened until now is accepted. */
  readonly acceptPending: () => Promise<void>;
  /** Loads the engine now instead of on the first connection that needs it. */
  readonly warmUp: () => Promise<void>;
  /** Stops listening, closes what is open, and resolves when every fact about it is recorded. */
  readonly stop: () => Promise<void>;
}

export type Via = 'http' | 'connect' | 'socks5';
