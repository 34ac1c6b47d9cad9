import { crc32, deflateRawSync } from 'node:zlib';
import type { Files } from './tar.ts';

/** 1 January 2020, as MS-DOS writes it. */
const dosDate = ((2020 - 1980) << 9) | (1 << 5) | 1;

/** A zip archive with the given files, deflated, always the same bytes for the same files. */
export function createZip(files: Files): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(files)) {
    const content = Buffer.from(data);
    const compressed = deflateRawSync(content);
    const facts = entryFacts(content, compressed, name);
    const local = Buffer.concat([u32(0x04034b50), facts, Buffer.from(name), compressed]);
    const place = Buffer.concat([u16(0), u16(0), u16(0), u32(0o100644 * 0x10000), u32(offset)]);
    directory.push(Buffer.concat([u32(0x02014b50), u16(0x0314), facts, place, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  // Of more files than the field can count, it has the rest, as writers without the larger format make it.
  const count = u16(directory.length % 0x10000);
  const counts = Buffer.concat([u16(0), u16(0), count, count]);
  return Buffer.concat([...locals, index, u32(0x06054b50), counts, u32(index.length), u32(offset), u16(0)]);
}

/** The fields that the local header and the directory entry share, from "version needed" to the extra field's length. */
function entryFacts(content: Buffer, compressed: Buffer, name: string): Buffer {
  const sizes = [u32(crc32(content)), u32(compressed.length), u32(content.length)];
  return Buffer.concat([
    u16(20),
    u16(0),
    u16(8),
    u16(0),
    u16(dosDate),
    ...sizes,
    u16(Buffer.byteLength(name)),
    u16(0),
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
