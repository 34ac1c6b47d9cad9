// https://doc.rust-lang.org/cargo/reference/registry-web-api.html#publish
import { parseJson, textOf } from '../json.ts';
import type { Identity } from '../recogniser.ts';
import type { Sent } from './receive.ts';

/** Metadata and file, each after its length. */
export function readCargoPublish(
  body: Buffer,
  identify: (name: string, version: string) => Identity,
): Sent[] {
  const described = readPart(body, 0);
  const file = described === undefined ? undefined : readPart(body, 4 + described.length);
  const metadata = described && parseJson(described);
  const name = textOf(metadata?.['name']);
  const version = textOf(metadata?.['vers']);
  return file === undefined || name === undefined || version === undefined
    ? []
    : [{ identity: identify(name, version), content: file }];
}

function readPart(body: Buffer, at: number): Buffer | undefined {
  if (body.length < at + 4) return undefined;
  const end = at + 4 + body.readUInt32LE(at);
  return end > body.length ? undefined : body.subarray(at + 4, end);
}
