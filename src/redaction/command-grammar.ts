import type { ValueKind } from './hidden-values.ts';

/**
 * What a tool takes on its command line. Flags whose names tell that they are secret (`--password`, `--api-key`,
 * `-storepass`) need no entry; entries are for short flags, for flags whose names tell nothing, and for positions.
 */
export interface Tool {
  readonly names: readonly string[];
  /** Letters of the short flags that take a value, attached or as the next argument: others may be combined with them. */
  readonly short?: string;
  readonly flags?: Flags;
  /** Only after these words: `login`, `nuget push`. What stands after them in order, and further flags. */
  readonly commands?: Readonly<Record<string, Command>>;
  /** It runs another program that its arguments name. */
  readonly launches?: true;
}

/** A switch takes no value, though its name may look like that of a secret. */
export type FlagKind = ValueKind | 'switch';
type Flags = Readonly<Record<string, FlagKind>>;

export interface Command {
  readonly flags?: Flags;
  readonly positions?: readonly ValueKind[];
}
