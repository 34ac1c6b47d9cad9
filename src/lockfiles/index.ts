import type { Lockfile } from './load.ts';

export { findNearestLockfiles } from './find.ts';
export type { Lockfile } from './load.ts';

/** As `load.ts` does; its parsers are loaded only when there is something to read. */
export async function readLockfile(path: string, shown: string): Promise<Lockfile | undefined> {
  const { loadLockfile } = await import('./load.ts');
  return loadLockfile(path, shown);
}
