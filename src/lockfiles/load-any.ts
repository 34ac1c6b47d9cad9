import { basename } from 'node:path';
import { areRequirements, loadRequirements } from './load-requirements.ts';
import { loadLockfile, readLockfileBytes, type Show } from './load.ts';
import { parsers } from './parsers/index.ts';
import { requirements } from './parsers/requirements.ts';
import type { ReadLockfiles, Variables } from './types.ts';

/** Reads a lockfile of any kind, with what it names. Throws as both ways of reading do. */
export async function loadAny(
  path: string,
  options: { show: Show; variables: Variables },
): Promise<ReadLockfiles> {
  const name = basename(path);
  const isKnown = parsers.some(({ matches }) => matches(name));
  const isList = isKnown
    ? requirements.matches(name)
    : areRequirements(readLockfileBytes(path, options.show(path)).toString('utf8'));
  if (isList) return loadRequirements(path, options);
  const lockfile = await loadLockfile(path, options.show);
  return { files: lockfile === undefined ? [] : [{ ...lockfile, path }], unread: [] };
}
