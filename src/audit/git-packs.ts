import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

// https://git-scm.com/docs/gitformat-pack#_version_2_pack_idx_files
const MAGIC = 'ff744f6300000002';
const FANOUT_AT = 8;
const NAMES_AT = FANOUT_AT + 256 * 4;
const MAX_PACKS = 1_000;
/** Of objects whose ids begin with the same byte. */
const MAX_BUCKET = 1_000_000;
/** An object of 256 KiB, deflated badly, with its head. */
const MAX_ENTRY = 300 * 1024;

/** Where an object stands. */
export interface PackPlace {
  readonly pack: string;
  readonly offset: number;
}

/** Finds an object by the indices of the packs in a directory of objects. */
export function findInPacks(objects: string, id: string): PackPlace | undefined {
  const folder = join(objects, 'pack');
  for (const name of listIndices(folder)) {
    const offset = readFromFile(join(folder, name), (read) => findOffset(read, id));
    if (offset !== undefined) return { pack: join(folder, `${name.slice(0, -'.idx'.length)}.pack`), offset };
  }
  return undefined;
}

/** The bytes of a pack from an offset on, as many as an object of moderate size may have. */
export function readPackAt({ pack, offset }: PackPlace): Buffer | undefined {
  return readFromFile(pack, (read) => read(offset, MAX_ENTRY));
}

function listIndices(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.idx'))
      .slice(0, MAX_PACKS);
  } catch {
    return [];
  }
}

type Read = (position: number, length: number) => Buffer;

function findOffset(read: Read, id: string): number | undefined {
  if (read(0, FANOUT_AT).toString('hex') !== MAGIC) return undefined;
  const wanted = Buffer.from(id, 'hex');
  const fanout = read(FANOUT_AT, 256 * 4);
  const first = wanted[0] ?? 0;
  const [from, to] = [first === 0 ? 0 : fanout.readUInt32BE((first - 1) * 4), fanout.readUInt32BE(first * 4)];
  const total = fanout.readUInt32BE(255 * 4);
  if (to - from > MAX_BUCKET || to > total) return undefined;
  const { length } = wanted;
  const names = read(NAMES_AT + from * length, (to - from) * length);
  const at = searchName(names, wanted);
  if (at === undefined) return undefined;
  // After the names stand a checksum and an offset for each object, then the offsets that need more than 31 bits.
  const offsetsAt = NAMES_AT + total * (length + 4);
  const offset = read(offsetsAt + (from + at) * 4, 4).readUInt32BE();
  if (offset < 0x80000000) return offset;
  return Number(read(offsetsAt + total * 4 + (offset - 0x80000000) * 8, 8).readBigUInt64BE());
}

/** The names are sorted. */
function searchName(names: Buffer, wanted: Buffer): number | undefined {
  const { length } = wanted;
  let [low, high] = [0, names.length / length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = names.compare(wanted, 0, length, middle * length, (middle + 1) * length);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** Undefined where the file cannot be read, or is shorter than what is asked of it makes sense with. */
function readFromFile<T>(path: string, use: (read: Read) => T): T | undefined {
  let fd: number | undefined;
  try {
    const file = (fd = openSync(path, 'r'));
    return use((position, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, position));
    });
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
