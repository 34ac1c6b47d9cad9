// RFC 1952.
import { crc32 } from 'node:zlib';
import { DecodingError, type Envelope } from './coded-stream.ts';

const FIXED_BYTES = 10;
const TRAILER_BYTES = 8;
const flags = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 } as const;

/** Header and trailer of one gzip member, which Node's decoder of several members hides. */
export class GzipEnvelope implements Envelope {
  #fixed = Buffer.alloc(0);
  /** What is still to come of the header, in order; undefined until its fixed part is there. */
  #parts: ('extra' | 'text' | 'crc')[] | undefined;
  #part: { readonly left: number | 'text' } | undefined;
  #extraLength = Buffer.alloc(0);
  #trailer = Buffer.alloc(0);
  #crc = 0;
  #size = 0;

  readonly header = (chunk: Buffer): Buffer => {
    let rest = this.#parts === undefined ? this.#readFixed(chunk) : chunk;
    while (rest.length > 0 && (this.#part !== undefined || (this.#parts?.length ?? 0) > 0)) {
      rest = this.#readPart(rest);
    }
    return rest;
  };

  readonly decoded = (chunk: Buffer): void => {
    this.#crc = crc32(chunk, this.#crc);
    this.#size += chunk.length;
  };

  readonly trailer = (chunk: Buffer): Buffer => {
    const wanted = TRAILER_BYTES - this.#trailer.length;
    this.#trailer = Buffer.concat([this.#trailer, chunk.subarray(0, wanted)]);
    return chunk.subarray(wanted);
  };

  readonly end = (): void => {
    if (this.#trailer.length < TRAILER_BYTES) throw new DecodingError('cut-short');
    const isRight =
      this.#trailer.readUInt32LE(0) === this.#crc && this.#trailer.readUInt32LE(4) === this.#size % 2 ** 32;
    if (!isRight) throw new DecodingError('corrupt');
  };

  #readFixed(chunk: Buffer): Buffer {
    const wanted = FIXED_BYTES - this.#fixed.length;
    this.#fixed = Buffer.concat([this.#fixed, chunk.subarray(0, wanted)]);
    const { length } = this.#fixed;
    const magic = Buffer.from([0x1f, 0x8b, 0x08]);
    if (!this.#fixed.subarray(0, 3).equals(magic.subarray(0, length))) throw new DecodingError('corrupt');
    if (length < FIXED_BYTES) return chunk.subarray(chunk.length);
    const flag = this.#fixed[3] ?? 0;
    if ((flag & flags.reserved) !== 0) throw new DecodingError('corrupt');
    this.#parts = [
      ...((flag & flags.extra) === 0 ? [] : ['extra' as const]),
      ...((flag & flags.name) === 0 ? [] : ['text' as const]),
      ...((flag & flags.comment) === 0 ? [] : ['text' as const]),
      ...((flag & flags.headerCrc) === 0 ? [] : ['crc' as const]),
    ];
    return chunk.subarray(wanted);
  }

  #readPart(chunk: Buffer): Buffer {
    if (this.#part === undefined) {
      const next = this.#parts?.[0];
      if (next === 'extra') return this.#readExtraLength(chunk);
      this.#parts?.shift();
      this.#part = { left: next === 'text' ? 'text' : 2 };
      return chunk;
    }
    const { left } = this.#part;
    if (left === 'text') {
      const end = chunk.indexOf(0);
      if (end >= 0) this.#part = undefined;
      return end >= 0 ? chunk.subarray(end + 1) : chunk.subarray(chunk.length);
    }
    this.#part = left > chunk.length ? { left: left - chunk.length } : undefined;
    return chunk.subarray(Math.min(left, chunk.length));
  }

  #readExtraLength(chunk: Buffer): Buffer {
    const wanted = 2 - this.#extraLength.length;
    this.#extraLength = Buffer.concat([this.#extraLength, chunk.subarray(0, wanted)]);
    if (this.#extraLength.length === 2) {
      this.#parts?.shift();
      const left = this.#extraLength.readUInt16LE(0);
      this.#part = left === 0 ? undefined : { left };
    }
    return chunk.subarray(wanted);
  }
}
