const EMPTY = Buffer.alloc(0);

/** The bytes that were pushed and not given out yet: a contiguous part to parse, and what was pushed behind it. */
export class UnreadBytes {
  bytes: Buffer = EMPTY;
  /** The contiguous part is `bytes` from `at` to `end`. */
  at = 0;
  end = 0;
  /** Whether `bytes` was allocated here and has room behind `end`. */
  #isOwned = false;
  #queue: Buffer[] = [];
  #next = 0;

  get isEmpty(): boolean {
    return this.at === this.end && this.#next === this.#queue.length;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.isEmpty) this.#begin(chunk);
    else this.#queue.push(chunk);
  }

  /** Adds the next chunk to the contiguous part; false where there is none. One byte at a time costs linear time in sum. */
  join(): boolean {
    const chunk = this.#shift();
    if (chunk === undefined) return false;
    const rest = this.end - this.at;
    if (rest === 0) {
      this.#begin(chunk);
      return true;
    }
    if (!this.#isOwned || this.bytes.length - this.end < chunk.length) this.#grow(rest, chunk.length);
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
    return true;
  }

  /** Gives out the contiguous part up to an index. */
  take(to: number): Buffer {
    const { bytes, at } = this;
    this.at = to;
    return at === 0 && to === bytes.length ? bytes : bytes.subarray(at, to);
  }

  takeAll(): Buffer {
    const parts = [this.bytes.subarray(this.at, this.end), ...this.#queue.slice(this.#next)];
    this.at = this.end;
    this.#queue = [];
    this.#next = 0;
    return parts.length === 1 ? (parts[0] ?? EMPTY) : Buffer.concat(parts);
  }

  #begin(chunk: Buffer): void {
    this.bytes = chunk;
    this.at = 0;
    this.end = chunk.length;
    this.#isOwned = false;
  }

  /** Parts that were given out keep the old buffer. */
  #grow(rest: number, more: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(1024, 2 * rest + more));
    this.bytes.copy(grown, 0, this.at, this.end);
    this.bytes = grown;
    this.at = 0;
    this.end = rest;
    this.#isOwned = true;
  }

  #shift(): Buffer | undefined {
    const chunk = this.#queue[this.#next];
    if (chunk === undefined) return undefined;
    this.#next++;
    if (this.#next === this.#queue.length) {
      this.#queue = [];
      this.#next = 0;
    }
    return chunk;
  }
}
