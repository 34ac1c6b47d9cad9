import type { Artifact } from '../model/artifact.ts';

/** As the schema promises. */
const MAX_REFS = 200;

/** Tells pushes of one commit apart by what they set, and fetches by how much of it they left out. */
export function wayOf({ direction, git }: Pick<Artifact, 'direction' | 'git'>): string {
  if (git === undefined) return '';
  return JSON.stringify(direction === 'sent' ? git.refs : [git.depth, git.filter]);
}

/** What was fetched, with the refs under which it was fetched again. */
export function joinRefs<T extends Pick<Artifact, 'git'>>(known: T, again: Pick<Artifact, 'git'>): T {
  if (known.git === undefined || again.git === undefined) return known;
  const place = ({ name, object }: { name: string; object: string }): string => `${name}\0${object}`;
  const seen = new Set(known.git.refs.map(place));
  const more = again.git.refs.filter((ref) => !seen.has(place(ref)));
  if (more.length === 0) return known;
  return { ...known, git: { ...known.git, refs: [...known.git.refs, ...more].slice(0, MAX_REFS) } };
}
