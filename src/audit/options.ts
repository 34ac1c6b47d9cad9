import type { Signals } from '../child/index.ts';
import type { ResolveRule } from '../proxy/index.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Which CA signs for the hosts that are read. */
export type CaChoice =
  | { readonly kind: 'ephemeral' }
  | { readonly kind: 'mkcert' }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string };

export interface AuditOptions {
  /** What to run; empty for what `line` or stdin say. */
  readonly command: readonly string[];
  /** One shell line to run instead. */
  readonly line: string | undefined;
  readonly env: Variables;
  readonly cwd: string;
  /** Where the journal goes: a file, `-` for stderr; undefined is the run directory. */
  readonly output: string | undefined;
  readonly passthrough: readonly string[];
  readonly includeLocal: boolean;
  readonly resolve: readonly ResolveRule[];
  readonly ca: CaChoice;
  readonly upstreamCaFile: string | undefined;
  readonly host: string;
  readonly port: number;
  /** How long what the command left running may go on, in milliseconds. */
  readonly drainMs: number;
  readonly signals: Signals;
  /** Folder of the bundle: the preload for Node processes lies there. */
  readonly bundleDirectory: string;
}
