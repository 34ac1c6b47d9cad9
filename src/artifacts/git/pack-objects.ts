// https://git-scm.com/docs/gitformat-pack
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { applyDelta } from './delta.ts';
import type { ObjectFormat } from './object-id.ts';
import { BeyondLimit } from '../examine/not-examined.ts';

/** What is looked for is among the first; looking on costs the audited command time. */
const MAX_OBJECTS = 5000;
const MAX_OBJECT_SIZE = 256 * 1024;
/** Of all objects, what deltas make of others among them. */
const MAX_CONTENT = 64 * 1024 * 1024;

/** What is looked for in the beginning of a pack. */
export interface PackInput {
  /** Its first bytes after the header. */
  readonly head: Uint8Array;
  readonly objects: number;
  readonly wanted: ReadonlySet<string>;
  readonly format: ObjectFormat;
}

export interface TagTarget {
  readonly object: string;
  readonly type: string;
  readonly name: string;
}

/** An object that is in a pack for certain. */
export interface FoundObject {
  readonly type: PackedObject['type'];
  /** Of a tag: what it says, where that can be read. */
  readonly tag?: TagTarget;
}

/** Objects of a pack, by their ids. */
export type PackContents = ReadonlyMap<string, FoundObject>;

export interface PackedObject {
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly content: Buffer;
}

const types: readonly (PackedObject['type'] | 'offset-delta' | 'id-delta' | undefined)[] = [
  ...([undefined, 'commit', 'tree', 'blob', 'tag'] as const),
  ...([undefined, 'offset-delta', 'id-delta'] as const),
];

/**
 * Looks at the beginning of a pack until every object of `wanted` is found, and what the tags among them stand for.
 * What is found is certain: its id is computed from its bytes. What is not found says nothing.
 * @throws BeyondLimit for a pack whose deltas make far more of it than it is
 */
export function findObjects({ head, objects, wanted, format }: PackInput): PackContents {
  const missing = new Set(wanted);
  const found = new Map<string, FoundObject>();
  for (const { id, object } of readObjects(Buffer.from(head.buffer, head.byteOffset, head.length), {
    objects,
    format,
  })) {
    if (!missing.delete(id)) continue;
    const { type, content } = object;
    const tag = type === 'tag' ? tagOf(content) : undefined;
    found.set(id, tag === undefined ? { type } : { type, tag });
    const target = tag?.object;
    if (target !== undefined && !found.has(target)) missing.add(target);
    if (missing.size === 0) break;
  }
  return found;
}

/** What an annotated tag says. */
function tagOf(content: Buffer): TagTarget | undefined {
  const [, object, type, name] =
    /^object ([0-9a-f]{40}|[0-9a-f]{64})\ntype ([a-z]+)\ntag ([^\n]{1,1000})\n/.exec(
      content.toString('utf8'),
    ) ?? [];
  if (object === undefined || type === undefined || name === undefined) return undefined;
  return { object, type, name };
}

/** Ends silently where the kept part ends, at damage, and at a limit. */
function* readObjects(
  head: Buffer,
  { objects, format }: Pick<PackInput, 'objects' | 'format'>,
): Generator<{ id: string; object: PackedObject }> {
  const byOffset = new Map<number, PackedObject>();
  const byId = new Map<string, PackedObject>();
  let at = 0;
  let size = 0;
  for (let count = 0; count < Math.min(objects, MAX_OBJECTS); count += 1) {
    const entry = readEntry(head, at, format);
    if (entry === undefined) return;
    const object = resolve(entry, { at, byOffset, byId });
    size += entry.bytes.length + (object?.content.length ?? 0);
    if (size > MAX_CONTENT) throw new BeyondLimit('its objects are far larger than the pack');
    if (object !== undefined) {
      const id = createHash(format)
        .update(`${object.type} ${object.content.length}\0`)
        .update(object.content)
        .digest('hex');
      byOffset.set(at, object);
      byId.set(id, object);
      yield { id, object };
    }
    at = entry.end;
  }
}

/** An object of a pack as it stands there: whole, or a delta. */
export interface Entry {
  readonly type: NonNullable<(typeof types)[number]>;
  /** Of a delta: an id, or how many bytes before it its base stands. */
  readonly base: number | string | undefined;
  readonly bytes: Buffer;
  readonly end: number;
}

/** The entry that begins at `start`; undefined for a damaged one, and for one of more than 256 KiB. */
export function readEntry(head: Buffer, start: number, format: ObjectFormat): Entry | undefined {
  let at = start;
  let byte = head[at++] ?? 0;
  const type = types[(byte >> 4) & 7];
  let size = byte & 15;
  for (let shift = 4; byte & 0x80 && shift < 32; shift += 7) {
    byte = head[at++] ?? 0;
    size += (byte & 0x7f) * 2 ** shift;
  }
  if (type === undefined || size > MAX_OBJECT_SIZE) return undefined;
  const base = readBase(head, at, { type, format });
  const inflated = inflate(head.subarray(base.end), size);
  return inflated === undefined
    ? undefined
    : { type, base: base.value, bytes: inflated.bytes, end: base.end + inflated.consumed };
}

/** What a delta is against: an object's id, or how far before the delta the object stands. */
function readBase(
  head: Buffer,
  start: number,
  { type, format }: Pick<Entry, 'type'> & { format: ObjectFormat },
): { value: Entry['base']; end: number } {
  if (type === 'id-delta') {
    const end = start + (format === 'sha1' ? 20 : 32);
    return { value: head.toString('hex', start, end), end };
  }
  if (type !== 'offset-delta') return { value: undefined, end: start };
  let at = start;
  let byte = head[at++] ?? 0;
  let distance = byte & 0x7f;
  while (byte & 0x80 && distance < 2 ** 40) {
    byte = head[at++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return { value: distance, end: at };
}

function inflate(bytes: Buffer, size: number): { bytes: Buffer; consumed: number } | undefined {
  try {
    const options = { info: true, chunkSize: Math.max(64, size + 1), maxOutputLength: size + 1 };
    // The typings do not know the form with `info`.
    const { buffer, engine } = inflateSync(bytes, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return buffer.length === size ? { bytes: buffer, consumed: engine.bytesWritten } : undefined;
  } catch {
    return undefined;
  }
}

function resolve(
  { type, base, bytes }: Entry,
  known: { at: number; byOffset: ReadonlyMap<number, PackedObject>; byId: ReadonlyMap<string, PackedObject> },
): PackedObject | undefined {
  if (type !== 'offset-delta' && type !== 'id-delta') return { type, content: bytes };
  const found = typeof base === 'string' ? known.byId.get(base) : known.byOffset.get(known.at - (base ?? 0));
  const content = found === undefined ? undefined : applyDelta(found.content, bytes, MAX_OBJECT_SIZE);
  return found === undefined || content === undefined ? undefined : { type: found.type, content };
}
