/** How to start the command. */
export interface Launch {
  /** A path, or a name that is looked up in the PATH of `env`. */
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is added to it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What the program sees as its own name; `command` when absent. */
  readonly argv0?: string;
  /** `ignore` gives it /dev/null, because we have read our stdin ourselves. Default `inherit`. */
  readonly stdin?: 'inherit' | 'ignore';
}
