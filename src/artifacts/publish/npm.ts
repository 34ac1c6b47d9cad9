// https://github.com/npm/libnpmpublish: what `npm publish` puts has the tarball in its JSON
import { objectOf, parseJson, textOf } from '../json.ts';
import type { Identity } from '../recogniser.ts';
import type { Sent } from './receive.ts';

type Identify = (name: string, version: string, fileName: string) => Identity;

export function readNpmPublish(body: Buffer, identify: Identify): Sent[] {
  const document = parseJson(body);
  const name = textOf(document?.['name']);
  const [version, ...others] = Object.keys(objectOf(document?.['versions']) ?? {});
  if (name === undefined || version === undefined || others.length > 0) return [];
  return Object.entries(objectOf(document?.['_attachments']) ?? {}).flatMap(([fileName, value]) => {
    const data = textOf(objectOf(value)?.['data']);
    if (data === undefined || !fileName.endsWith('.tgz')) return [];
    const identity = identify(name, version, fileName.slice(fileName.lastIndexOf('/') + 1));
    return [{ identity, content: Buffer.from(data, 'base64') }];
  });
}
