import type { Variables } from './find.ts';
import type { Lockfile, Show } from './load.ts';

export { findLockfiles, leadsOutside } from './find.ts';

/** A lockfile, and what it names. */
export interface ReadLockfiles {
  /** None where it locks nothing. */
  readonly files: readonly (Lockfile & { readonly path: string })[];
  readonly unread: readonly { readonly subject: string; readonly reason: string }[];
}

/**
 * As `load.ts` and `load-requirements.ts` do; their parsers are loaded only when there is something to read.
 * @throws AuditError `bad-input` when it cannot be read, is none that is known, or is damaged.
 */
export async function readLockfiles(
  path: string,
  options: { show: Show; variables: Variables },
): Promise<ReadLockfiles> {
  const { loadAny } = await import('./load-any.ts');
  return loadAny(path, options);
}
