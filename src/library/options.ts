import type { Event } from '../model/events.ts';

/** The options of `audit` and `start`. Their defaults and their checks are those of the command line. */
export interface ProxyOptions {
  /** The user's variables, into which those of the proxy are merged; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: the current working directory. */
  readonly cwd?: string;
  /**
   * Where the journal goes: a file, `-` for stderr, or null for nowhere. Default: for `audit` the run directory, where
   * `proxaudit report` and `proxaudit runs` find it; for `start` nowhere.
   */
  readonly output?: string | null;
  /** Lockfiles to check artifacts against: those found (default): in `cwd`, where the command points, where processes work, none, or these. */
  readonly lockfiles?: 'find' | 'none' | readonly string[];
  /** A lock file that `proxaudit lock` wrote: what it does not name is a finding. */
  readonly baseline?: string;
  /** Hosts (or `*.suffix`) whose connections are left unread; they are counted and named. */
  readonly passthrough?: readonly string[];
  /**
   * What becomes of a client that refuses the CA: it fails (default), or its next connections to that host are
   * tunnelled unread, which is told as a blind spot.
   */
  readonly onRefusal?: 'fail' | 'tunnel';
  /** Headers that are kept: none, those of an allow-list (`safe`, default), or all, secret ones only by name. */
  readonly logHeaders?: 'none' | 'safe' | 'all';
  /** So many bytes of each request and response body are kept, redacted; default 0, at most 262,144. */
  readonly logBody?: number;
  /**
   * What is told about proxaudit's own work, as JSON lines in `proxaudit.log` of the run directory; default `warn`. Where
   * `output` makes none, nothing is.
   */
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** Whether commands go through the proxy for loopback too; default false. */
  readonly includeLocal?: boolean;
  /** `HOST[:PORT]` to the `ADDRESS[:PORT]` that is dialled for it; names in TLS and HTTP stay. */
  readonly resolve?: Readonly<Record<string, string>>;
  /** The CA that signs for the hosts that are read; default one made for this run. */
  readonly ca?: 'ephemeral' | 'mkcert' | { readonly certFile: string; readonly keyFile: string };
  /** A file of roots that upstream servers may be verified by, beside Node's and the system's. */
  readonly upstreamCa?: string;
  /**
   * The URL of a proxy that all goes through (`http:`, `https:`, `socks5h:`, `socks5:`, `socks4a:`, `socks4:`), or `none`.
   * Default: what `http_proxy`, `https_proxy` and `all_proxy` of `env` say. `NO_PROXY` counts for both.
   */
  readonly upstreamProxy?: string;
  /**
   * `HOST[:PORT]` (or `*.suffix`) to the certificate that it is shown: a file, PEM or PKCS#12, with certificate and key,
   * or one of each. `PROXAUDIT_CLIENT_CERT_PASSPHRASE` of `env` opens keys that are encrypted.
   */
  readonly clientCert?: Readonly<
    Record<string, string | { readonly certFile: string; readonly keyFile: string }>
  >;
  /** The loopback address to listen on; default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /**
   * Called with each event when it is in the journal, before what it describes goes on: be quick. What it throws is
   * thrown again as an uncaught exception.
   */
  readonly onEvent?: (event: Event) => void;
}

export interface AuditOptions extends ProxyOptions {
  /** What the command reads: this process's stdin (default), nothing, or these bytes. */
  readonly stdin?: 'inherit' | 'ignore' | Uint8Array;
  /** Where the command writes: this process's stdout (default), nowhere, or into the result. */
  readonly stdout?: 'inherit' | 'ignore' | 'pipe';
  readonly stderr?: 'inherit' | 'ignore' | 'pipe';
  /** Seconds that what the command left running may go on; default 2. */
  readonly drain?: number;
  /**
   * Ends the command: by SIGTERM, 5 s later by SIGKILL; the result then tells the signal. Aborted before
   * `audit` was called, it makes the promise reject with its reason.
   */
  readonly signal?: AbortSignal;
}
