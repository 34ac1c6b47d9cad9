import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { applyDelta } from '../artifacts/git/delta.ts';
import { formatOf } from '../artifacts/git/object-id.ts';
import { readEntry, type PackedObject } from '../artifacts/git/pack-objects.ts';
import { tryReadBounded } from '../support/read-bounded.ts';
import { findInPacks, readPackAt, type PackPlace } from './git-packs.ts';
import { readSmallFile } from './git-repository.ts';

const MAX_OBJECT = 4_000_000;
/** git makes chains of 50, and of 250 when it is told to try hard. */
const MAX_DELTAS = 300;
const MAX_ALTERNATES = 20;

/**
 * Reads objects of a repository by their ids: loose, packed, and of the repositories that it borrows from. Starts no git.
 * What is found is certain: its id is computed from its bytes. Undefined is what is not there, damaged or very large.
 */
export class GitObjects {
  readonly #directories: readonly string[];

  /** @param common the directory that has the repository's `objects`. */
  constructor(common: string) {
    this.#directories = withAlternates(join(common, 'objects'));
  }

  read(id: string): PackedObject | undefined {
    const object = this.#find(id, MAX_DELTAS);
    return object !== undefined && idOf(object, id) === id ? object : undefined;
  }

  #find(id: string, deltas: number): PackedObject | undefined {
    for (const directory of this.#directories) {
      const loose = readLoose(join(directory, id.slice(0, 2), id.slice(2)));
      if (loose !== undefined) return loose;
      const place = findInPacks(directory, id);
      const packed = place && this.#readPacked(place, id, deltas);
      if (packed !== undefined) return packed;
    }
    return undefined;
  }

  #readPacked(start: PackPlace, id: string, deltas: number): PackedObject | undefined {
    const chain: Buffer[] = [];
    for (let place = start; chain.length <= deltas;) {
      const bytes = readPackAt(place);
      const entry = bytes && readEntry(bytes, 0, formatOf(id));
      if (entry === undefined) return undefined;
      const { type, base } = entry;
      if (type !== 'offset-delta' && type !== 'id-delta')
        return undelta({ type, content: entry.bytes }, chain);
      chain.push(entry.bytes);
      if (typeof base === 'string') {
        const found = this.#find(base, deltas - chain.length);
        return found && undelta(found, chain);
      }
      place = { pack: place.pack, offset: place.offset - (base ?? 0) };
      if (place.offset <= 0) return undefined;
    }
    return undefined;
  }
}

/** Applies deltas, the last one first. */
function undelta(base: PackedObject, chain: readonly Buffer[]): PackedObject | undefined {
  let { content } = base;
  for (const delta of chain.toReversed()) {
    const next = applyDelta(content, delta, MAX_OBJECT);
    if (next === undefined) return undefined;
    content = next;
  }
  return { type: base.type, content };
}

function readLoose(path: string): PackedObject | undefined {
  const deflated = tryReadBounded(path, { maxBytes: MAX_OBJECT });
  if (deflated === undefined) return undefined;
  try {
    const bytes = inflateSync(deflated, { maxOutputLength: MAX_OBJECT });
    const end = bytes.indexOf(0);
    const [, type] = /^(commit|tree|blob|tag) \d+$/.exec(bytes.toString('latin1', 0, Math.max(end, 0))) ?? [];
    return type === undefined
      ? undefined
      : { type: type as PackedObject['type'], content: bytes.subarray(end + 1) };
  } catch {
    return undefined;
  }
}

function idOf({ type, content }: PackedObject, like: string): string {
  return createHash(formatOf(like)).update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** https://git-scm.com/docs/gitrepository-layout: one directory a line. */
function withAlternates(objects: string): string[] {
  const all = [objects];
  for (let index = 0; index < all.length && all.length < MAX_ALTERNATES; index += 1) {
    const directory = all[index] ?? '';
    const lines = readSmallFile(join(directory, 'info', 'alternates'))?.split('\n') ?? [];
    for (const line of lines) {
      const other = resolve(directory, line);
      if (line !== '' && !line.startsWith('#') && !all.includes(other)) all.push(other);
    }
  }
  return all.slice(0, MAX_ALTERNATES);
}
