// https://doc.rust-lang.org/cargo/reference/registry-web-api.html#publish
import { sourceOfBytes } from '../examine/byte-source.ts';
import { pickJson } from '../examine/pick-json.ts';
import { textOf } from '../json.ts';
import type { NamedFile } from './named-file.ts';

const shape = { members: { name: 'text', vers: 'text' } } as const;

/** Metadata and file, each after its length. */
export function readCargoPublish(body: Buffer): NamedFile[] {
  const described = readPart(body, 0);
  const content = described === undefined ? undefined : readPart(body, 4 + described.length);
  const metadata = described && pickJson(sourceOfBytes(described), shape);
  const name = textOf(metadata?.['name']);
  const version = textOf(metadata?.['vers']);
  return content === undefined || name === undefined || version === undefined
    ? []
    : [{ name, version, fileName: `${name}-${version}.crate`, content }];
}

function readPart(body: Buffer, at: number): Buffer | undefined {
  if (body.length < at + 4) return undefined;
  const end = at + 4 + body.readUInt32LE(at);
  return end > body.length ? undefined : body.subarray(at + 4, end);
}
