interface GitRef {
  readonly name: string;
  readonly object: string;
}

interface Git {
  readonly refs: readonly GitRef[];
  readonly depth?: number | undefined;
  readonly filter?: string | undefined;
}

/** As the schema of artifacts promises. */
const MAX_REFS = 200;

/** Tells pushes of one commit apart by what they set, and fetches by how much of it they left out. */
export function wayOf({ direction, git }: { direction: 'fetched' | 'sent'; git?: Git | undefined }): string {
  if (git === undefined) return '';
  return JSON.stringify(direction === 'sent' ? git.refs : [git.depth, git.filter]);
}

/** What was fetched, with the refs under which it was fetched again. */
export function joinRefs<T extends { readonly git?: Git | undefined }>(known: T, again: T): T {
  if (known.git === undefined || again.git === undefined) return known;
  const place = ({ name, object }: GitRef): string => `${name}\0${object}`;
  const seen = new Set(known.git.refs.map(place));
  const more = again.git.refs.filter((ref) => !seen.has(place(ref)));
  if (more.length === 0) return known;
  return { ...known, git: { ...known.git, refs: [...known.git.refs, ...more].slice(0, MAX_REFS) } };
}
