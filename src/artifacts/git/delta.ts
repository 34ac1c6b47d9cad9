// https://git-scm.com/docs/gitformat-pack#_deltified_representation

/** What a delta makes of its base; undefined when it is damaged, or would be larger than `limit`. */
export function applyDelta(base: Buffer, delta: Buffer, limit: number): Buffer | undefined {
  const reader = new DeltaReader(delta);
  if (reader.size() !== base.length) return undefined;
  const size = reader.size();
  if (size > limit) return undefined;
  const result = Buffer.alloc(size);
  let written = 0;
  while (!reader.isAtEnd) {
    const code = reader.byte();
    const piece = code & 0x80 ? copied(base, code, reader) : reader.bytes(code);
    if (piece === undefined || piece.length === 0 || written + piece.length > size) return undefined;
    written += piece.copy(result, written);
  }
  return written === size && !reader.isBeyondEnd ? result : undefined;
}

function copied(base: Buffer, code: number, reader: DeltaReader): Buffer | undefined {
  const offset = reader.sparse(code & 0x0f);
  const length = reader.sparse((code >> 4) & 0x07) || 0x10000;
  return offset + length > base.length ? undefined : base.subarray(offset, offset + length);
}

class DeltaReader {
  readonly #delta: Buffer;
  #at = 0;

  constructor(delta: Buffer) {
    this.#delta = delta;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#delta.length;
  }

  get isBeyondEnd(): boolean {
    return this.#at > this.#delta.length;
  }

  byte(): number {
    return this.#delta[this.#at++] ?? 0;
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#delta.subarray(this.#at - length, this.#at);
  }

  size(): number {
    let value = 0;
    for (let shift = 0; shift < 42; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (!(byte & 0x80)) return value;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** A number of which only the bytes that `present` names are written. */
  sparse(present: number): number {
    let value = 0;
    for (let index = 0; index < 4; index += 1) {
      if (present & (1 << index)) value += this.byte() * 2 ** (8 * index);
    }
    return value;
  }
}
