// https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
import type { ByteSource } from '../examine/byte-source.ts';
import { pickJson } from '../examine/pick-json.ts';
import { objectOf, textOf } from '../json.ts';
import type { ReadDocument } from './read-document.ts';

/** What a packument says of one version: its file, and that file's digests. */
export interface PackumentVersion {
  readonly version: string;
  readonly tarball: string;
  readonly integrity: string | undefined;
  readonly shasum: string | undefined;
}

const dist = { members: { tarball: 'text', integrity: 'text', shasum: 'text' } } as const;
const shape = { members: { name: 'text', versions: { each: { members: { dist } } } } } as const;

/** The head is the package's name, where the document has one. */
export function readPackument(
  source: ByteSource,
): ReadDocument<string | undefined, PackumentVersion> | undefined {
  const document = pickJson(source, shape);
  const name = textOf(document?.['name']);
  const versions = objectOf(document?.['versions']);
  if (versions === undefined) return undefined;
  const rows = Object.entries(versions).flatMap(([version, described]): PackumentVersion[] => {
    const stated = objectOf(objectOf(described)?.['dist']);
    const tarball = textOf(stated?.['tarball']);
    if (tarball === undefined) return [];
    const [integrity, shasum] = [textOf(stated?.['integrity']), textOf(stated?.['shasum'])];
    return [{ version, tarball, integrity, shasum }];
  });
  return { head: name, rows };
}
