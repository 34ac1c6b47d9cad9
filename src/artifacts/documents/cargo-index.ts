// https://doc.rust-lang.org/cargo/reference/registry-index.html#json-schema
import type { Release } from '../cargo/downloads.ts';
import { sourceOfBytes, type ByteSource } from '../examine/byte-source.ts';
import { linesOf } from '../examine/lines.ts';
import { MAX_ENTRIES } from '../examine/limits.ts';
import { BeyondLimit } from '../examine/not-examined.ts';
import { pickJson } from '../examine/pick-json.ts';
import { textOf } from '../json.ts';
import type { ReadDocument } from './read-document.ts';

const shape = { members: { name: 'text', vers: 'text', cksum: 'text' } } as const;

/** One JSON object a line, one line a version. */
export function readCargoIndex(source: ByteSource): ReadDocument<undefined, Release> {
  const rows: Release[] = [];
  for (const line of linesOf(source)) {
    const entry = line.length === 0 ? undefined : pickJson(sourceOfBytes(line), shape);
    const [name, version, checksum = ''] = [entry?.['name'], entry?.['vers'], entry?.['cksum']].map(textOf);
    if (name === undefined || version === undefined || !/^[0-9a-f]{64}$/i.test(checksum)) continue;
    rows.push({ name, version, checksum: checksum.toLowerCase() });
    if (rows.length > MAX_ENTRIES) throw new BeyondLimit(`it has more than ${MAX_ENTRIES} versions`);
  }
  return { head: undefined, rows };
}
