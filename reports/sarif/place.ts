import type { Finding } from '../../src/model/finding.ts';
import type { Run } from '../../src/model/run.ts';
import { toWellFormed } from '../../src/support/well-formed.ts';

/** Where a finding that is about no file is shown if the journal names none: it is where one would be waived. */
const LAST_RESORT = 'proxaudit.yaml';

export interface Place {
  /** Relative to the repository's root. */
  readonly uri: string;
  readonly line: number;
}

/**
 * Finds a file for each finding: code scanning refuses a whole document in which one result has none. It is the one
 * that the finding names, the lockfile of its ecosystem, the file that stands for the repository, or any lockfile.
 */
export function createPlaces({ runs, lockfiles }: Run): (finding: Finding) => Place {
  const git = runs.find((run) => run.git !== undefined)?.git;
  const inRepository = (path: string): string | undefined => resolve(git?.prefix ?? '', path);
  const locked = new Map(lockfiles.map(({ ecosystem, path }) => [ecosystem, inRepository(path)]));
  const anchor = git?.anchor === undefined ? undefined : resolve('', git.anchor);
  const fallback = anchor ?? [...locked.values()].find((uri) => uri !== undefined) ?? LAST_RESORT;
  return ({ location, subject }) => {
    const own =
      location &&
      (location.fromRoot === undefined ? inRepository(location.path) : resolve('', location.fromRoot));
    if (own !== undefined) return { uri: own, line: Math.max(1, location?.line ?? 1) };
    const ecosystem = /^pkg:([^/]+)\//.exec(subject)?.[1] ?? '';
    return { uri: locked.get(ecosystem) ?? fallback, line: 1 };
  };
}

/** As a URI reference; undefined for what lies outside of the repository. */
function resolve(prefix: string, path: string): string | undefined {
  if (/^(?:\/|[a-z]:)/i.test(path)) return undefined;
  const segments: string[] = [];
  for (const segment of `${prefix}/${path}`.split(/[/\\]/)) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(encodeURIComponent(toWellFormed(segment)));
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.length === 0 ? undefined : segments.join('/');
}
