import { hash, createHash, type Hash } from 'node:crypto';
import { fstatSync, ftruncateSync } from 'node:fs';
import { PartialWriteError, writeFully } from './write-fully.ts';

/** Bytes of a line without its newline. */
export const MAX_LINE = 1_048_576;

const ZEROS = '0'.repeat(64);
const ROOM = 65_536;
/** A buffer that one long line has made larger is given back. */
const MAX_ROOM = 4 * MAX_LINE;

export interface ChainedLinesOptions {
  /** Null: the lines are chained and written nowhere. */
  readonly fd: number | null;
  /** Whether `written` will be asked for. */
  readonly isDigested: boolean;
  /** A regular file that we alone write to: what a failed write has left of a line is cut off. */
  readonly canCut: boolean;
}

/** The lines of a journal: each is chained to the one before as it is added; `write` writes those that wait as one piece. */
export class ChainedLines {
  readonly #options: ChainedLinesOptions;
  /** Lines added. After a `write` that failed: lines that are in the journal whole. */
  seq = 0;
  /** SHA-256 of the last of them without its newline, in hex; zeros before the first. */
  head = ZEROS;
  /** What was written, all of it; none where nobody asks for that. */
  readonly #all: Hash | undefined;
  #bytes = 0;
  /** `head` when all lines until then were written. */
  #writtenHead = ZEROS;
  /** The lines that wait. */
  #buffer = Buffer.allocUnsafeSlow(ROOM);
  /** Where each of them ends in the buffer, its newline included. */
  #ends: number[] = [];

  constructor(options: ChainedLinesOptions) {
    this.#options = options;
    this.#all = options.isDigested ? createHash('sha256') : undefined;
  }

  /** How many bytes are in whole lines that were written, and the SHA-256 of all of them. */
  written(): { readonly bytes: number; readonly digest: string } {
    return { bytes: this.#bytes, digest: this.#all?.copy().digest('hex') ?? '' };
  }

  /** Adds a line, given without its newline; false, and nothing is added, where it is too long. */
  add(line: string): boolean {
    const start = this.#ends.at(-1) ?? 0;
    this.#makeRoom(start, line.length * 3 + 1);
    const end = start + this.#buffer.write(line, start, 'utf8');
    if (end - start > MAX_LINE) return false;
    this.head = hash('sha256', this.#buffer.subarray(start, end), 'hex');
    this.#buffer[end] = 0x0a;
    this.#ends.push(end + 1);
    this.seq += 1;
    return true;
  }

  /** Writes the lines that wait. Throws the system's error; `seq` and `head` are then those of the last whole line. */
  write(): void {
    const ends = this.#ends;
    this.#ends = [];
    const { fd } = this.#options;
    try {
      if (fd !== null) writeFully(fd, this.#buffer.subarray(0, ends.at(-1) ?? 0));
      this.#count(ends.at(-1) ?? 0);
      this.#writtenHead = this.head;
    } catch (error) {
      if (!(error instanceof PartialWriteError)) throw error;
      this.#keepWhole(ends, error.written);
      throw error.cause;
    } finally {
      if (this.#buffer.length > MAX_ROOM) this.#buffer = Buffer.allocUnsafeSlow(ROOM);
    }
  }

  #count(bytes: number): void {
    this.#all?.update(this.#buffer.subarray(0, bytes));
    this.#bytes += bytes;
  }

  /** Of lines that end at `ends`, only so many bytes were written. */
  #keepWhole(ends: readonly number[], written: number): void {
    const whole = ends.filter((end) => end <= written);
    const end = whole.at(-1) ?? 0;
    this.#cut(this.#bytes + written, this.#bytes + end);
    this.seq -= ends.length - whole.length;
    const last = this.#buffer.subarray(whole.at(-2) ?? 0, end - 1);
    this.head = end === 0 ? this.#writtenHead : hash('sha256', last, 'hex');
    this.#count(end);
  }

  /** Takes a part of a line off the end of the file, unless its size is not the one that we know. */
  #cut(size: number, wholeSize: number): void {
    const { fd, canCut } = this.#options;
    if (!canCut || fd === null) return;
    try {
      if (fstatSync(fd).size === size) ftruncateSync(fd, wholeSize);
    } catch {
      // The journal is cut short, which its reader says.
    }
  }

  #makeRoom(used: number, bytes: number): void {
    if (used + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, used + bytes));
    this.#buffer.copy(larger, 0, 0, used);
    this.#buffer = larger;
  }
}
