// https://github.com/npm/libnpmpublish: what `npm publish` puts has the tarball in its JSON
import { sourceOfBytes } from '../examine/byte-source.ts';
import { pickJson } from '../examine/pick-json.ts';
import { objectOf, textOf } from '../json.ts';
import type { NamedFile } from './named-file.ts';

const shape = {
  members: {
    name: 'text',
    versions: { each: { members: {} } },
    _attachments: { each: { members: { data: 'long-text' } } },
  },
} as const;

export function readNpmPublish(body: Buffer): NamedFile[] {
  const document = pickJson(sourceOfBytes(body), shape);
  const name = textOf(document?.['name']);
  const [version, ...others] = Object.keys(objectOf(document?.['versions']) ?? {});
  if (name === undefined || version === undefined || others.length > 0) return [];
  return Object.entries(objectOf(document?.['_attachments']) ?? {}).flatMap(([path, value]) => {
    const data = textOf(objectOf(value)?.['data']);
    if (data === undefined || !path.endsWith('.tgz')) return [];
    const fileName = path.slice(path.lastIndexOf('/') + 1);
    return [{ name, version, fileName, content: Buffer.from(data, 'base64') }];
  });
}
