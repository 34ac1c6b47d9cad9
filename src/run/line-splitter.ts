import { createHash, hash, type Hash } from 'node:crypto';

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without the newline; null when the line was longer than the limit. */
  readonly bytes: Buffer | null;
  /** SHA-256 of the line without its newline, in hex. */
  readonly digest: string;
  /** False for a last line that no newline ends. */
  readonly isTerminated: boolean;
}

const NEWLINE = 0x0a;

/** Splits bytes into lines, never holding more of a line than `maxLine` bytes. */
export class LineSplitter {
  readonly #maxLine: number;
  #number = 0;
  #parts: Buffer[] = [];
  #length = 0;
  /** Digests what is too long to hold. */
  #overflow: Hash | undefined;

  constructor(maxLine: number) {
    this.#maxLine = maxLine;
  }

  /** The lines that this chunk ends. The bytes of a line may share the chunk's memory. */
  *push(chunk: Uint8Array): Generator<Line> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#hold(bytes.subarray(start, end));
      yield this.#take(true);
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
  }

  /** The last line, where no newline ended it. */
  end(): Line | null {
    return this.#length === 0 ? null : this.#take(false);
  }

  #hold(part: Buffer): void {
    this.#length += part.length;
    this.#parts.push(part);
    if (this.#length <= this.#maxLine) return;
    this.#overflow ??= createHash('sha256');
    for (const held of this.#parts) this.#overflow.update(held);
    this.#parts = [];
  }

  #take(isTerminated: boolean): Line {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    const overflow = this.#overflow;
    this.#parts = [];
    this.#length = 0;
    this.#overflow = undefined;
    const number = ++this.#number;
    if (overflow !== undefined) return { number, bytes: null, digest: overflow.digest('hex'), isTerminated };
    return { number, bytes, digest: hash('sha256', bytes, 'hex'), isTerminated };
  }
}
