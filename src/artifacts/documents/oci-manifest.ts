// https://github.com/opencontainers/image-spec/blob/main/manifest.md, …/image-index.md
import { createHash } from 'node:crypto';
import type { ByteSource } from '../examine/byte-source.ts';
import { pickJson } from '../examine/pick-json.ts';
import { objectOf, textOf } from '../json.ts';
import type { ReadDocument } from './read-document.ts';

export interface ManifestPart {
  readonly kind: 'manifest' | 'config' | 'layer';
  /** As it is stated: `sha256:…`. */
  readonly digest: string;
}

/** Of one manifest; the largest known lists some hundred platforms or layers. */
const MAX_PARTS = 1000;
const part = { members: { digest: 'text' } } as const;
const shape = {
  members: {
    schemaVersion: 'scalar',
    mediaType: 'text',
    config: part,
    layers: { items: part },
    manifests: { items: part },
  },
} as const;

/** The head is the manifest's own SHA-256. Undefined for what is no manifest of the second schema version. */
export function readManifest(source: ByteSource): ReadDocument<string, ManifestPart> | undefined {
  const hash = createHash('sha256');
  const document = pickJson(hashed(source, hash), shape);
  if (document === undefined) return undefined;
  const { schemaVersion, mediaType, config, layers, manifests } = document;
  // The digest of a first version's manifest is not that of its bytes.
  const isManifest =
    objectOf(config) !== undefined || Array.isArray(manifests) || textOf(mediaType) !== undefined;
  if (schemaVersion !== 2 || !isManifest) return undefined;
  const rows = [
    ...partsOf('manifest', manifests),
    ...partsOf('config', [config]),
    ...partsOf('layer', layers),
  ];
  return { head: hash.digest('hex'), rows };
}

function partsOf(kind: ManifestPart['kind'], parts: unknown): ManifestPart[] {
  return (Array.isArray(parts) ? parts.slice(0, MAX_PARTS) : []).flatMap((value: unknown) => {
    const digest = textOf(objectOf(value)?.['digest']);
    return digest === undefined ? [] : [{ kind, digest }];
  });
}

function hashed(source: ByteSource, hash: ReturnType<typeof createHash>): ByteSource {
  return {
    next() {
      const piece = source.next();
      if (piece !== undefined) hash.update(piece);
      return piece;
    },
  };
}
