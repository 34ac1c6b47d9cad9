// https://git-scm.com/docs/gitformat-pack
import { createHash, type Hash } from 'node:crypto';
import type { ObjectFormat } from './object-id.ts';

/** What is kept of a pack: tips are written first, so that a small part of it shows what was asked for. */
const MAX_HEAD = 1024 * 1024;
const HEADER_SIZE = 12;
const trailerSizes: Readonly<Record<ObjectFormat, number>> = { sha1: 20, sha256: 32 };

/** A pack that arrived as it was sent. */
export interface SoundPack {
  readonly objects: number;
  /** Its first bytes after the header. */
  readonly head: Buffer;
}

/** Checks a pack as it passes, and keeps its beginning. */
export class PassingPack {
  size = 0;
  readonly #hash: Hash;
  readonly #trailerSize: number;
  #tail: Buffer = Buffer.alloc(0);
  readonly #head: Buffer[] = [];
  #headSize = 0;

  constructor(format: ObjectFormat) {
    this.#hash = createHash(format);
    this.#trailerSize = trailerSizes[format];
  }

  write(piece: Buffer): void {
    this.size += piece.length;
    if (this.#headSize < MAX_HEAD) {
      const kept = Buffer.from(piece.subarray(0, MAX_HEAD - this.#headSize));
      this.#head.push(kept);
      this.#headSize += kept.length;
    }
    // The last bytes are the digest of those before them, and which are the last is known at the end only.
    const known = piece.length >= this.#trailerSize ? piece : Buffer.concat([this.#tail, piece]);
    if (known === piece) this.#hash.update(this.#tail);
    const end = Math.max(0, known.length - this.#trailerSize);
    this.#hash.update(known.subarray(0, end));
    this.#tail = Buffer.from(known.subarray(end));
  }

  /** Undefined when it is cut, damaged or no pack. To be asked once. */
  finish(): SoundPack | undefined {
    const head = Buffer.concat(this.#head);
    if (this.size < HEADER_SIZE + this.#trailerSize || head.toString('latin1', 0, 4) !== 'PACK')
      return undefined;
    const version = head.readUInt32BE(4);
    if ((version !== 2 && version !== 3) || !this.#hash.digest().equals(this.#tail)) return undefined;
    const end = Math.min(head.length, this.size - this.#trailerSize);
    return { objects: head.readUInt32BE(8), head: head.subarray(HEADER_SIZE, end) };
  }
}
