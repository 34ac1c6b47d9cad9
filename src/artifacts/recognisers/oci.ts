// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import type { ManifestPart } from '../documents/oci-manifest.ts';
import { examineDocument } from '../examine/examine-document.ts';
import type { NotExamined } from '../examine/not-examined.ts';
import { buildPurl } from '../purl.ts';
import type {
  Asked,
  Identity,
  Kept,
  Lesson,
  Published,
  Recogniser,
  Recognition,
  Refinement,
} from '../recogniser.ts';

const MAX_MANIFEST = 4 * 1024 * 1024;
const blobPath = /\/blobs\/sha256:([0-9a-f]{64})$/;
const storePath = /\/blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})\/data$/;
const manifestPath = /\/manifests\/([^/]+)$/;
const digestForm = /^sha256:([0-9a-f]{64})$/;

/** Registries of container images and of what else is kept in them. */
export const oci: Recogniser = {
  id: 'oci',
  follow:
    ({ learn }) =>
    (asked): Recognition | undefined => {
      if (asked.method !== 'GET') return undefined;
      const { path } = asked.url;
      const [repository, digest] = matchEnd(path, blobPath);
      if (repository !== undefined && digest !== undefined) return blob(repository, digest, asked);
      const stored = storePath.exec(path)?.[1];
      if (stored !== undefined) return blob(undefined, stored, asked);
      const [name, reference] = matchEnd(path, manifestPath);
      if (name === undefined || reference === undefined) return undefined;
      // A page may be too large to be looked into; stores send manifests with types of their own.
      if (/^text\/html\b/i.test(asked.header('content-type') ?? '')) return undefined;
      return manifest({ repository: name, reference, asked }, learn);
    },
};

/** The repository that a path names before its end, and what the end says. */
function matchEnd(path: string, end: RegExp): readonly [] | readonly [string, string] {
  const matched = end.exec(path);
  const start = path.indexOf('/v2/') + '/v2/'.length;
  if (matched === null || start < '/v2/'.length || matched.index <= start) return [];
  return [path.slice(start, matched.index), matched[1] ?? ''];
}

/** A layer or a configuration: no package of its own, yet its URL says what its bytes must be. */
function blob(repository: string | undefined, digest: string, { actualUrl }: Asked): Recognition {
  return {
    kind: 'artifact',
    identity: {
      class: 'blob',
      ecosystem: 'oci',
      purl: null,
      name: repository ?? `sha256:${digest}`,
      version: `sha256:${digest}`,
      fileName: null,
      identifiedBy: 'path',
      keys: [blobKey(digest)],
    },
    published: [{ source: 'url-digest', from: actualUrl.href, algorithm: 'sha256', value: digest }],
  };
}

interface NamedManifest {
  readonly repository: string;
  readonly reference: string;
  readonly asked: Asked;
}

function manifest(
  { repository, reference, asked }: NamedManifest,
  learn: (lesson: Lesson) => void,
): Recognition {
  const { url, actualUrl, header } = asked;
  const named = digestForm.exec(reference)?.[1];
  const stated = digestForm.exec(header('docker-content-digest') ?? '')?.[1];
  const from = actualUrl.href;
  const published: Published[] = [
    ...(named === undefined
      ? []
      : [{ source: 'url-digest', from, algorithm: 'sha256', value: named } as const]),
    ...(stated === undefined
      ? []
      : [{ source: 'header', from, algorithm: 'sha256', value: stated } as const]),
  ];
  const place = { registry: url.host, tag: named === undefined ? reference : undefined };
  const read = (body: Kept): Refinement | Promise<Refinement | undefined> | undefined => {
    let digest: string | undefined;
    const reading = examineDocument('oci-manifest', body, (own, parts) => {
      digest = own;
      for (const part of parts) teachPart(part, { repository, digest: own, from }).forEach(learn);
    });
    const refine = (result: NotExamined | undefined): Refinement | undefined => {
      if (result !== undefined) return result;
      if (digest === undefined) return 'not-an-artifact';
      // Only the exact bytes tell the digest where neither URL nor header does.
      return named === undefined && stated === undefined
        ? { identity: identify(repository, { ...place, digest }) }
        : undefined;
    };
    return reading instanceof Promise ? reading.then(refine) : refine(reading);
  };
  return {
    kind: 'artifact',
    identity: identify(repository, { ...place, digest: named ?? stated }),
    published,
    open: { keep: 'whole', limit: MAX_MANIFEST, read },
  };
}

function identify(
  repository: string,
  { registry, digest, tag }: { registry: string; digest: string | undefined; tag: string | undefined },
): Identity {
  const name = baseName(repository);
  const version = digest === undefined ? undefined : `sha256:${digest}`;
  return {
    class: 'image',
    ecosystem: 'oci',
    purl: version === undefined ? null : buildPurl({ type: 'oci', name, version, qualifiers: { tag } }),
    name: `${registry}/${repository}`,
    version: version ?? tag ?? null,
    fileName: null,
    identifiedBy: 'path',
    keys: digest === undefined ? [] : [manifestKey(repository, digest)],
  };
}

/** By the manifest's own bytes: one with other bytes than those that were asked for vouches for none of its parts. */
function teachPart(
  { kind, digest: stated }: ManifestPart,
  { repository, digest, from }: { repository: string; digest: string; from: string },
): Lesson[] {
  const value = digestForm.exec(stated)?.[1];
  if (value === undefined) return [];
  const by = manifestKey(repository, digest);
  const key = kind === 'manifest' ? manifestKey(repository, value) : blobKey(value);
  return [{ key, published: [{ source: 'index', from, algorithm: 'sha256', value, by }] }];
}

const baseName = (repository: string): string => repository.slice(repository.lastIndexOf('/') + 1);
const manifestKey = (repository: string, digest: string): string =>
  `oci:${baseName(repository).toLowerCase()}@sha256:${digest}`;
const blobKey = (digest: string): string => `oci-blob:sha256:${digest}`;
