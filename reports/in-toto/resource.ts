import type { Artifact, Digests } from '../../src/model/artifact.ts';
import type { RunHeader } from '../../src/model/run.ts';
import { toUriReference } from '../text/uri.ts';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
export interface Resource {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
  readonly downloadLocation?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What was fetched, by its package URL where there is one, else by the URL. */
export function toResource(artifact: Artifact): Resource {
  const { name, version, fileName, purl, urls, digests, verdict, identifiedBy } = artifact;
  const [url] = urls.map(toUriReference);
  const uri = purl ?? url;
  return {
    name: fileName ?? (version === null ? name : `${name}@${version}`),
    ...(uri === undefined ? {} : { uri }),
    ...withDigest(toDigestSet(digests)),
    ...(url === undefined || url === uri ? {} : { downloadLocation: url }),
    annotations: { verdict, identifiedBy },
  };
}

/** The commit that was checked out; null where there was none. */
export function toCommit({ git }: RunHeader): Resource | null {
  if (git === undefined || !isHex(git.commit)) return null;
  const { commit, remote } = git;
  const place = remote && `${/^git\b/.test(remote) ? '' : 'git+'}${toUriReference(remote)}@${commit}`;
  return {
    name: remote ?? `git commit ${commit}`,
    ...(place === undefined ? {} : { uri: place }),
    digest: { gitCommit: commit },
  };
}

/** The journal, by its head: the digest of its last line but one, which stands for all lines before. */
export function toJournal({ runId, head }: RunHeader): Resource | null {
  return head === null ? null : { name: `proxaudit journal ${runId}, head`, digest: { sha256: head } };
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md: lower-case hex, Go's h1 as `dirHash`. */
function toDigestSet({ h1, ...hex }: Digests): Record<string, string> {
  const known = Object.entries(hex).filter(([, value]) => isHex(value));
  const directory = h1 === undefined ? '' : Buffer.from(h1, 'base64').toString('hex');
  return { ...Object.fromEntries(known), ...(directory.length === 64 ? { dirHash: directory } : {}) };
}

function withDigest(digest: Record<string, string>): Pick<Resource, 'digest'> {
  return Object.keys(digest).length === 0 ? {} : { digest };
}

function isHex(text: string): boolean {
  return /^(?:[0-9a-f]{2}){16,}$/.test(text);
}
