// https://github.com/opencontainers/distribution-spec/blob/main/spec.md
import { objectOf, parseJson, textOf } from '../json.ts';
import { buildPurl } from '../purl.ts';
import type { Asked, Identity, Published, Recogniser, Recognition } from '../recogniser.ts';

const MAX_MANIFEST = 4 * 1024 * 1024;
const blobPath = /\/v2\/(.+)\/blobs\/sha256:([0-9a-f]{64})$/;
const storePath = /\/blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})\/data$/;
const manifestPath = /\/v2\/(.+)\/manifests\/([^/]+)$/;
const manifestType =
  /^application\/vnd\.(?:oci\.image\.(?:manifest|index)\.v1|docker\.distribution\.manifest(?:\.list)?\.v2)\+json\b/i;

/** Registries of container images and of what else is kept in them. */
export const oci: Recogniser = {
  id: 'oci',
  recognise(asked): Recognition | undefined {
    if (asked.method !== 'GET') return undefined;
    const { path } = asked.url;
    const [, repository, digest] = blobPath.exec(path) ?? [];
    if (repository !== undefined && digest !== undefined) return blob(repository, digest, asked);
    const stored = storePath.exec(path)?.[1];
    if (stored !== undefined) return blob(undefined, stored, asked);
    const [, name, reference] = manifestPath.exec(path) ?? [];
    if (name === undefined || reference === undefined) return undefined;
    return manifestType.test(asked.header('content-type') ?? '')
      ? manifest(name, reference, asked)
      : undefined;
  },
};

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
      keys: [`oci-blob:sha256:${digest}`],
    },
    published: [{ source: 'url-digest', from: actualUrl.href, algorithm: 'sha256', value: digest }],
  };
}

function manifest(repository: string, reference: string, asked: Asked): Recognition {
  const { url, actualUrl, header } = asked;
  const named = /^sha256:([0-9a-f]{64})$/.exec(reference)?.[1];
  const stated = /^sha256:([0-9a-f]{64})$/.exec(header('docker-content-digest') ?? '')?.[1];
  const from = actualUrl.href;
  const published: Published[] = [
    ...(named === undefined
      ? []
      : [{ source: 'url-digest', from, algorithm: 'sha256', value: named } as const]),
    ...(stated === undefined
      ? []
      : [{ source: 'header', from, algorithm: 'sha256', value: stated } as const]),
  ];
  const tag = named === undefined ? reference : undefined;
  return {
    kind: 'artifact',
    identity: identify(repository, { registry: url.host, digest: named ?? stated, tag }),
    published,
    open: {
      keep: 'whole',
      limit: MAX_MANIFEST,
      // Only the exact bytes tell the digest where neither URL nor header does.
      read: ({ bytes }) => (isManifest(bytes) ? undefined : 'not-an-artifact'),
    },
  };
}

function identify(
  repository: string,
  { registry, digest, tag }: { registry: string; digest: string | undefined; tag: string | undefined },
): Identity {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const version = digest === undefined ? undefined : `sha256:${digest}`;
  return {
    class: 'image',
    ecosystem: 'oci',
    purl: version === undefined ? null : buildPurl({ type: 'oci', name, version, qualifiers: { tag } }),
    name: `${registry}/${repository}`,
    version: version ?? tag ?? null,
    fileName: null,
    identifiedBy: 'path',
    keys: version === undefined ? [] : [`oci:${name.toLowerCase()}@${version}`],
  };
}

function isManifest(bytes: Buffer): boolean {
  const document = parseJson(bytes);
  return (
    document !== undefined &&
    (objectOf(document['config']) !== undefined ||
      Array.isArray(document['manifests']) ||
      textOf(document['mediaType']) !== undefined)
  );
}
