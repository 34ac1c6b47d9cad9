import type { Lockfile } from './load.ts';

/** The environment of the run. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A lockfile, and what it names. */
export interface ReadLockfiles {
  /** None where it locks nothing. */
  readonly files: readonly (Lockfile & { readonly path: string })[];
  /** What it names and what was not read, with the reason. */
  readonly unread: readonly { readonly subject: string; readonly reason: string }[];
}
