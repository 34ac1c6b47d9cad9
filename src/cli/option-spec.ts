/** Where an option belongs: to a run alone, or to `proxaudit report` too. */
type Scope = 'run' | 'run and report';

/**
 * One option. Its long flag names it everywhere: `--upstream-ca` is the variable `PROXAUDIT_UPSTREAM_CA` and the key
 * `upstream-ca` of a configuration file.
 */
export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly scope: Scope;
  /** Absent: a yes or no. */
  readonly takes?: Takes;
  /**
   * Reads an item of a `proxaudit.yaml` in the working directory, which the code under audit can write. What has none
   * may not stand in that file.
   */
  readonly parseFound?: (text: string) => unknown;
  /** It says which file is read, so it cannot stand in one. */
  readonly isNoKey?: true;
}

export type Takes =
  | { readonly kind: 'one'; readonly parse: (text: string) => unknown; readonly default?: unknown }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default?: string }
  /** Repeatable; a variable holds several, separated by white space or what is given. */
  | { readonly kind: 'many'; readonly parse: (text: string) => unknown; readonly separator?: RegExp };
