import { createHash, hash, type Hash } from 'node:crypto';
import { writeFully } from './write-fully.ts';

/** Bytes of a line without its newline. */
export const MAX_LINE = 1_048_576;

/** Where pino writes to: each line goes to the descriptor at once, its digest becoming the head. */
export class ChainedLines {
  readonly #fd: number | null;
  /** Lines written. */
  seq = 0;
  /** SHA-256 of the last line without its newline, in hex; zeros before the first. */
  head = '0'.repeat(64);
  /** The last line, with its newline. */
  last = '';
  /** Whether the last line was too long and so not written. */
  isTooLong = false;

  /** What was written, all of it; none where nobody asks for that. */
  readonly #all: Hash | undefined;
  #bytes = 0;
  /** Lines that are to be written in one piece. */
  #waiting: Buffer[] | undefined;

  /**
   * @param fd null: the lines are chained and written nowhere.
   * @param isDigested whether `written` will be asked for.
   */
  constructor(fd: number | null, isDigested = false) {
    this.#fd = fd;
    this.#all = isDigested ? createHash('sha256') : undefined;
  }

  /** How many bytes were written, and the SHA-256 of all of them. Not of what a write that failed has left. */
  written(): { readonly bytes: number; readonly digest: string } {
    return { bytes: this.#bytes, digest: this.#all?.copy().digest('hex') ?? '' };
  }

  /** Takes a line with its newline. Throws the system's error. */
  write(line: string): void {
    const bytes = Buffer.from(line, 'utf8');
    this.isTooLong = bytes.length > MAX_LINE + 1;
    if (this.isTooLong) return;
    if (this.#waiting !== undefined) this.#waiting.push(bytes);
    else this.#put(bytes);
    this.last = line;
    this.head = hash('sha256', bytes.subarray(0, -1), 'hex');
    this.seq++;
  }

  /** Writes in one piece, after it, the lines that `work` makes. Throws what it throws, and the system's error: none counts then. */
  together(work: () => void): void {
    const { seq, head } = this;
    const waiting = (this.#waiting = []);
    try {
      work();
      if (waiting.length > 0) this.#put(Buffer.concat(waiting));
    } catch (error) {
      Object.assign(this, { seq, head });
      throw error;
    } finally {
      this.#waiting = undefined;
    }
  }

  #put(bytes: Buffer): void {
    if (this.#fd === null) return;
    writeFully(this.#fd, bytes);
    this.#all?.update(bytes);
    this.#bytes += bytes.length;
  }
}
