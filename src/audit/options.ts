import type { Input, Output, Signals } from '../child/index.ts';
import type { ResolveRule } from '../proxy/index.ts';
import type { Waiver, WaiverBase } from '../model/waiver.ts';
import type { LogLevel } from '../support/log.ts';
import type { HeaderLevel, OnRefusal } from './option-values.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Which CA signs for the hosts that are read. */
export type CaChoice =
  | { readonly kind: 'ephemeral' }
  | { readonly kind: 'mkcert' }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string };

/** Which files hold our certificate for a host: `host` is a name or `*.suffix`; `keyFile` undefined: the same file. */
export interface ClientCertificateRule {
  readonly host: string;
  readonly port: number | undefined;
  readonly certFile: string;
  readonly keyFile: string | undefined;
}

/** The waivers of one configuration file. */
export interface WaiverList {
  readonly path: string;
  readonly waivers: readonly Waiver[];
  /** What the file was compared with, to tell which of them are new. */
  readonly base?: WaiverBase;
}

/** A proxy that records, and the variables that lead commands to it. */
export interface ProxyOptions {
  readonly env: Variables;
  readonly cwd: string;
  /** Where the journal goes: a file, `-` for stderr, null for nowhere; undefined is the run directory. */
  readonly output: string | null | undefined;
  /** Lockfiles to check against: those found in `cwd`, none, or these files. */
  readonly lockfiles: 'find' | 'none' | readonly string[];
  /** A lock file: what it does not name is a finding. */
  readonly baseline: string | undefined;
  /** Findings that are accepted, by the file that says so. */
  readonly waivers: readonly WaiverList[];
  readonly passthrough: readonly string[];
  readonly onRefusal: OnRefusal;
  readonly logHeaders: HeaderLevel;
  /** Bytes of each body that are kept. */
  readonly logBody: number;
  /** What is told about our own work, in a file of the run directory. */
  readonly logLevel: LogLevel;
  readonly includeLocal: boolean;
  readonly resolve: readonly ResolveRule[];
  readonly ca: CaChoice;
  readonly upstreamCaFile: string | undefined;
  /** The URL of a proxy for all destinations, or `none`; undefined is what the variables say. */
  readonly upstreamProxy: string | undefined;
  readonly clientCertificates: readonly ClientCertificateRule[];
  readonly host: string;
  readonly port: number;
  /** How long what the command left running may go on, in milliseconds. */
  readonly drainMs: number;
  /** Folder of the bundle: the preload for Node processes lies there. */
  readonly bundleDirectory: string;
  /** Called with each line of the journal when it is written; must not throw. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface AuditOptions extends ProxyOptions {
  /** What to run; empty for what `line` or stdin say. */
  readonly command: readonly string[];
  /** One shell line to run instead. */
  readonly line: string | undefined;
  readonly signals: Signals;
  /**
   * The process is there for the run alone: the command gets the descriptors that we were started with, and an
   * exception that nobody caught fails the recording, not the command.
   */
  readonly ownsProcess: boolean;
  /** The command's standard streams; by default ours. */
  readonly stdin?: Input;
  readonly stdout?: Output;
  readonly stderr?: Output;
}
