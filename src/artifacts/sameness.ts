import type { Artifact } from '../model/artifact.ts';
import type { ObservedBody } from '../model/observer.ts';
import { wayOf } from '../support/git-refs.ts';
import type { StoredForm } from './clients.ts';
import type { Identity } from './recogniser.ts';

interface Seen {
  readonly body: ObservedBody;
  readonly form: StoredForm | undefined;
  readonly urls: readonly string[];
  readonly direction: Artifact['direction'];
}

/** Equal for what is the same thing seen again. A pack differs each time, the commits in it do not. */
export function sameness(identity: Identity, { body, form, urls, direction }: Seen): string {
  const { purl, name, fileName, git } = identity;
  const { sha256, gitCommit } = body.digests;
  const stored = form === undefined ? '' : `${form} ${body.undecoded ?? body.decoded?.digests.sha256 ?? ''}`;
  return [purl, name, fileName, urls[0], sha256, stored, gitCommit, wayOf({ direction, git })].join('\n');
}
