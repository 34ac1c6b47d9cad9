export type Variables = Readonly<Record<string, string | undefined>>;

/** The trust files of a run, by absolute path. */
interface Trust {
  /** Where files for the child are put. */
  readonly directory: string;
  /** The mode of files in it that hold nothing but certificates. */
  readonly fileMode: number;
  /** The audit CA alone. */
  readonly caFile: string;
  readonly caPem: string;
  /** The audit CA, the system's roots and those that the user's variables name. */
  readonly bundleFile: string;
  /** Absent where there is no Java. */
  readonly truststoreFile?: { readonly path: string; readonly password: string };
}

export interface EnvironmentOptions {
  /** The user's variables. */
  readonly env: Variables;
  readonly proxy: { readonly host: string; readonly port: number };
  readonly trust: Trust;
  /** `--include-local`: loopback goes through the proxy too. */
  readonly includeLocal: boolean;
  readonly command: readonly string[];
  /** Undefined for a proxy whose run is not known. */
  readonly runId: string | undefined;
  /** Absolute path of `preload.cjs`; `preload-fetch.cjs` stands beside it. */
  readonly preloadFile: string;
  /** Contents of what `listUserFiles` named, by its `name`; what could not be read is absent. */
  readonly userFiles: Readonly<Record<string, string | undefined>>;
}

interface EnvironmentFile {
  readonly path: string;
  readonly content: string;
  /** Files that repeat the user's own may hold passwords: 0600. */
  readonly mode: number;
}

/** A setting that named a proxy of its own. */
export interface ReplacedSetting {
  /** To be shown. */
  readonly name: string;
  /** What it named, by the traffic that went there, without credentials; an empty value is the direct way. Undefined: not known. */
  readonly proxies?: Readonly<Partial<Record<'http' | 'https' | 'all', string>>>;
}

export interface ChildEnvironment {
  /** All of the child's variables. */
  readonly env: Record<string, string>;
  /** Those of them that lead it to the proxy and make it trust the audit CA. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the user's that it must not have beside those. */
  readonly dropped: readonly string[];
  /** To be written before the child starts. */
  readonly files: readonly EnvironmentFile[];
  /** Settings of the user that named another proxy and no longer do. */
  readonly replaced: readonly ReplacedSetting[];
  /** Hosts that the user's NO_PROXY keeps away from us, loopback not among them. */
  readonly bypassed: readonly string[];
}

/** A file of the user's that recipes want to know, where it would be. */
export interface UserFile {
  readonly name: string;
  readonly path: string;
}

/** What a kind of recipe adds for one variable. */
export interface Contribution {
  readonly env: Readonly<Record<string, string>>;
  readonly files?: readonly EnvironmentFile[];
  readonly replaced?: readonly ReplacedSetting[];
}

/** What the makers of values know. */
export interface RecipeContext extends EnvironmentOptions {
  readonly proxyUrl: string;
  /** The merged NO_PROXY, entry by entry. */
  readonly noProxy: readonly string[];
}
