// https://packaging.python.org/en/latest/specifications/simple-repository-api
import type { ByteSource } from '../examine/byte-source.ts';
import { readLinks } from '../examine/html-links.ts';
import { pickJson } from '../examine/pick-json.ts';
import { decodeEntities } from '../html.ts';
import { objectOf, textOf } from '../json.ts';
import type { ReadDocument } from './read-document.ts';

/** A file that an index names: its URL, absolute or from the index's, and its name and SHA-256 where those are stated. */
export interface IndexedFile {
  readonly url: string;
  readonly fileName?: string | undefined;
  readonly sha256: string | undefined;
}

const shape = {
  members: {
    files: { items: { members: { url: 'text', filename: 'text', hashes: { members: { sha256: 'text' } } } } },
  },
} as const;

/** The head is the URL that the others start from; undefined for the document's own. */
type IndexDocument = ReadDocument<string | undefined, IndexedFile>;

export function readJsonIndex(source: ByteSource): IndexDocument | undefined {
  const files = pickJson(source, shape)?.['files'];
  if (!Array.isArray(files)) return undefined;
  const rows = files.flatMap((value: unknown): IndexedFile[] => {
    const file = objectOf(value);
    const url = textOf(file?.['url']);
    if (url === undefined) return [];
    const sha256 = textOf(objectOf(file?.['hashes'])?.['sha256']);
    return [{ url, fileName: textOf(file?.['filename']), sha256 }];
  });
  return { head: undefined, rows };
}

export function readHtmlIndex(source: ByteSource): IndexDocument {
  const { base, links } = readLinks(source);
  const rows = links.map((link) => {
    const url = decodeEntities(link);
    return { url, sha256: digestIn(url) };
  });
  return { head: base === undefined ? undefined : decodeEntities(base), rows };
}

function digestIn(url: string): string | undefined {
  const hash = url.indexOf('#');
  return hash < 0 ? undefined : /[#&]sha256=([0-9a-f]{64})(?:&|$)/i.exec(url.slice(hash))?.[1];
}
