import type { BodyContent } from '../../model/exchange.ts';
import type { Redaction } from '../types.ts';
import { isDecodable } from './decoders.ts';
import { type RawHeaders, firstOf, listOf } from './raw-headers.ts';

/** What all bodies under way may hold together. */
const MAX_HELD = 64 * 1024 * 1024;

/** Keeps the beginnings of bodies for the journal. */
export class BodyContents {
  readonly #limit: number;
  readonly #redaction: Redaction;
  readonly #room = { bytes: MAX_HELD };

  /** @param limit bytes of each body, after content decoding */
  constructor(limit: number, redaction: Redaction) {
    this.#limit = limit;
    this.#redaction = redaction;
  }

  /** For a body with these headers. Undefined where it could not be read, and so not be searched for secrets. */
  open(headers: RawHeaders): BodyContentTap | undefined {
    if (this.#limit === 0 || !isDecodable(listOf(headers, 'content-encoding') ?? '')) return undefined;
    const contentType = firstOf(headers, 'content-type');
    return new BodyContentTap(Math.min(this.#limit, MAX_HELD), this.#room, (bytes, isCut) =>
      this.#redaction.body(bytes, { contentType, isCut }),
    );
  }
}

type Redact = (bytes: Buffer, isCut: boolean) => Omit<BodyContent, 'truncated'>;

/** Holds the beginning of one body. */
export class BodyContentTap {
  readonly #limit: number;
  readonly #room: { bytes: number };
  readonly #redact: Redact;
  #chunks: Buffer[] = [];
  #size = 0;
  #isCut = false;

  constructor(limit: number, room: { bytes: number }, redact: Redact) {
    this.#limit = limit;
    this.#room = room;
    this.#redact = redact;
  }

  readonly write = (chunk: Buffer): void => {
    const wanted = Math.min(chunk.length, this.#limit - this.#size, this.#room.bytes);
    if (wanted < chunk.length) this.#isCut = true;
    if (wanted === 0) return;
    // A copy: the chunk is a piece of a larger buffer, which would be held with it.
    this.#chunks.push(Buffer.from(chunk.subarray(0, wanted)));
    this.#size += wanted;
    this.#room.bytes -= wanted;
  };

  /** What was kept, and lets go of it; undefined for no body at all. */
  take(isWhole: boolean): BodyContent | undefined {
    const bytes = Buffer.concat(this.#chunks);
    this.#room.bytes += this.#size;
    this.#chunks = [];
    this.#size = 0;
    if (bytes.length === 0 && !this.#isCut) return undefined;
    const truncated = this.#isCut || !isWhole;
    return { ...this.#redact(bytes, truncated), truncated };
  }
}
