import type { Served } from '../origin/serve.ts';

/** How to start a client: its whole environment, not an addition to ours. */
export interface Invocation {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** A file that the client left on disk. */
export interface StoredFile {
  /** The same for every run of the scenario, whatever the directory and the server's address. */
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  /** True when its bytes are those of one response body (after content decoding); false for what was unpacked. */
  readonly asFetched: boolean;
}

export type Scheme = 'http' | 'https';

/** One real client doing one real job, cold: every cache is below `directory`. */
export interface Scenario {
  readonly name: string;
  /** The tools of the table of recipes that it proves. */
  readonly tools: readonly string[];
  /** Prints the client's version. */
  readonly version: readonly string[];
  /** Left out, it is run over http and over https. */
  readonly schemes?: readonly Scheme[] | undefined;
  /** Why it cannot run here; undefined when it can. */
  available(): string | undefined | Promise<string | undefined>;
  /** Writes the project into the empty `directory`. May run short offline commands. */
  prepare(directory: string, baseUrl: string): Invocation | Promise<Invocation>;
  /** What the client stored, sorted by name. */
  stored(directory: string): StoredFile[];
}

export type Handler = (served: Served) => void | Promise<void>;

/** A scenario with the tiny registry it needs. The content is generated and always the same. */
export interface Twin extends Scenario {
  /** `directory` is the registry's own and may be written to. */
  createHandler(directory: string): Handler | Promise<Handler>;
}
