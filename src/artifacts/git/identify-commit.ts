import { buildPurl } from '../purl.ts';
import type { Identity } from '../recogniser.ts';
import { trimEndOf } from '../../support/trim-end.ts';

const MAX_REFS = 200;

/** A repository as it was reached. */
export interface Place {
  /** Without what follows the repository's path. */
  readonly url: string;
  /** What of a URL, or of a ref's name, may be stored. */
  readonly redact: (text: string) => string;
}

/** What is said of a commit beyond its id. */
export interface About extends NonNullable<Identity['git']> {
  readonly version: string | undefined;
  readonly isSeen: boolean;
}

/**
 * Whether a path is a forge's, where `OWNER/NAME` has a package URL type of its own, no path tells, and `pkg:git` wants
 * lower-case paths, which may be another repository's. What holds anywhere is the repository's own URL.
 */
export function identifyCommit(place: Place, commit: string, about: About): Identity {
  const { version, isSeen, refs, ...more } = about;
  const name = nameOf(place);
  const kept = refs.slice(0, MAX_REFS).map((ref) => ({ ...ref, name: place.redact(ref.name) }));
  return {
    class: 'commit',
    ecosystem: 'git',
    purl:
      place.redact(place.url) === place.url
        ? buildPurl({
            ...{ type: 'generic', name: name.slice(name.lastIndexOf('/') + 1), version: commit },
            qualifiers: { vcs_url: `git+${place.url}@${commit}` },
          })
        : null,
    name,
    version: version === undefined ? commit : place.redact(version),
    fileName: null,
    commit,
    git: { refs: kept, ...more },
    identifiedBy: isSeen ? 'embedded' : 'index',
    keys: [`git:${commit}`],
  };
}

/** Host and path, without the usual ending. */
export function nameOf({ url, redact }: Place): string {
  const bare = trimEndOf(redact(url).replace(/^https?:\/\//, ''), '/');
  return trimEndOf(bare.replace(/\.git$/, ''), '/');
}
