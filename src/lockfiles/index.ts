import type { Show } from './load.ts';
import type { ReadLockfiles, Variables } from './types.ts';

export { findLockfiles, leadsOutside } from './find.ts';

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
