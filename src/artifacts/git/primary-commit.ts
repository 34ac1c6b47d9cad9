import type { FetchedCommit } from './fetched-commits.ts';
import type { KnownRefs, Ref } from './repositories.ts';

/**
 * Of many commits that were asked for at once, as `git clone` asks for every branch and tag: that of the ref that was
 * asked for by name, else HEAD's. Undefined where neither is among them.
 */
export function choosePrimary(
  repository: KnownRefs,
  commits: readonly FetchedCommit[],
): FetchedCommit | undefined {
  if (commits.length === 1) return commits[0];
  const ref = findAskedRef(repository) ?? repository.ref('HEAD');
  return commits.find(({ object }) => object === ref?.object);
}

/** The one ref that was asked for by its name. A short name is asked for as all that it may stand for. */
export function findAskedRef(repository: KnownRefs): Ref | undefined {
  const asked = new Set(repository.askedPrefixes);
  const [name, ...others] = [...asked].filter(
    (one) => !one.endsWith('/') && asked.has(`refs/heads/${one}`) && asked.has(`refs/tags/${one}`),
  );
  if (name === undefined || others.length > 0) return undefined;
  return [`refs/heads/${name}`, `refs/tags/${name}`, name]
    .map((full) => repository.ref(full))
    .find((ref) => ref !== undefined);
}
