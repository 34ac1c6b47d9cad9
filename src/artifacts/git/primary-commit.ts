import type { FetchedCommit } from './fetched-commits.ts';
import type { Repository } from './repositories.ts';

/**
 * Of many commits that were asked for at once, as `git clone` asks for every branch and tag: that of the ref that was
 * asked for by name, else HEAD's. Undefined where neither is among them.
 */
export function choosePrimary(
  repository: Repository,
  commits: readonly FetchedCommit[],
): FetchedCommit | undefined {
  if (commits.length === 1) return commits[0];
  const named = askedName(repository.askedPrefixes);
  const candidates = named === undefined ? ['HEAD'] : [`refs/heads/${named}`, `refs/tags/${named}`, named];
  const ref = candidates.map((name) => repository.ref(name)).find((known) => known !== undefined);
  return commits.find(({ object }) => object === ref?.object);
}

/** A short name is asked for as all that it may stand for; undefined unless there is exactly one. */
function askedName(prefixes: readonly string[]): string | undefined {
  const asked = new Set(prefixes);
  const names = [...asked].filter(
    (name) => !name.endsWith('/') && asked.has(`refs/heads/${name}`) && asked.has(`refs/tags/${name}`),
  );
  return names.length === 1 ? names[0] : undefined;
}
