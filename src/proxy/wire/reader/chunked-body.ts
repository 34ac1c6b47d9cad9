import { hexValue, parseChunkSize } from './chunk-size-line.ts';
import { CR, LF } from './characters.ts';
import { findEmptyLine, findLineFeed, parseHeaderLines } from './header-lines.ts';
import { OddityList } from './oddities.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { BodyPiece, EndPiece } from './piece.ts';
import type { UnreadBytes } from './unread-bytes.ts';

/** What Node takes of chunk extensions in sum. */
const MAX_LINE = 16 * 1024;

type State = 'size-line' | 'data' | 'cr' | 'lf' | 'trailers';

/** Reads one chunked body, with its trailers (RFC 9112 section 7.1). */
export class ChunkedBody {
  readonly #unread: UnreadBytes;
  readonly #maxTrailerBytes: number;
  readonly #oddities = new OddityList();
  #state: State = 'size-line';
  /** The bytes that are missing of the current chunk's data. */
  #left = 0;
  /** How much of an unfinished line or trailer section holds no end of it. */
  #scanned = 0;
  #content: Buffer[] = [];

  constructor(unread: UnreadBytes, maxTrailerBytes: number) {
    this.#unread = unread;
    this.#maxTrailerBytes = maxTrailerBytes;
  }

  /** The next piece, undefined where more bytes are needed, or why the body cannot be framed from here on. */
  next(): BodyPiece | EndPiece | UnparsedReason | undefined {
    const unread = this.#unread;
    do {
      const run = this.#state === 'trailers' ? undefined : this.#readRun();
      if (run !== undefined) return run;
      if (this.#state === 'trailers') {
        const end = this.#readTrailers();
        if (end !== undefined) return end;
      }
    } while (unread.join());
    return undefined;
  }

  /** One piece for all that is there up to the last-chunk line or an unfinished one. */
  #readRun(): BodyPiece | UnparsedReason | undefined {
    const unread = this.#unread;
    let at = unread.at;
    let fault: UnparsedReason | undefined;
    while (at < unread.end) {
      const next = this.#step(at);
      if (typeof next === 'string') fault = next;
      if (typeof next === 'string' || next === at) break;
      at = next;
    }
    if (at === unread.at) return fault;
    const parts = this.#content;
    const content = parts.length > 1 ? Buffer.concat(parts) : parts[0];
    if (parts.length > 0) this.#content = [];
    return { type: 'body', bytes: unread.take(at), content };
  }

  /** Reads one thing of the body; the index behind it, which is the same where it is not whole. */
  #step(at: number): number | UnparsedReason {
    const { bytes } = this.#unread;
    switch (this.#state) {
      case 'data':
        return this.#readData(at);
      case 'cr':
        if (bytes[at] !== CR) return unparsedReasons.chunkEnd;
        this.#state = 'lf';
        return at + 1;
      case 'lf':
        if (bytes[at] !== LF) return unparsedReasons.chunkEnd;
        this.#state = 'size-line';
        return at + 1;
      case 'size-line':
        return this.#readSizeLine(at);
      case 'trailers':
        return at;
    }
  }

  #readData(at: number): number {
    const { bytes, end } = this.#unread;
    const to = Math.min(end, at + this.#left);
    this.#content.push(bytes.subarray(at, to));
    this.#left -= to - at;
    if (this.#left === 0) this.#state = 'cr';
    return to;
  }

  #readSizeLine(at: number): number | UnparsedReason {
    const { bytes, end } = this.#unread;
    if (hexValue(bytes[at] ?? LF) < 0) return unparsedReasons.oddChunkSize;
    const lineFeed = findLineFeed(bytes, at + this.#scanned, end);
    if ((lineFeed < 0 ? end : lineFeed) - at > MAX_LINE) return unparsedReasons.chunkLineTooLong;
    if (lineFeed < 0) {
      this.#scanned = end - at;
      return at;
    }
    const size = parseChunkSize(bytes, { from: at, lineFeed }, this.#oddities);
    if (typeof size === 'string') return size;
    this.#left = size;
    this.#scanned = 0;
    this.#state = size === 0 ? 'trailers' : 'data';
    return size === 0 ? at : lineFeed + 1;
  }

  /** The last-chunk line is unread still, so that its line feed begins the search for the empty line. */
  #readTrailers(): EndPiece | UnparsedReason | undefined {
    const { bytes, at, end } = this.#unread;
    const to = findEmptyLine(bytes, at + this.#scanned, end);
    if ((to < 0 ? end : to) - at > this.#maxTrailerBytes) return unparsedReasons.trailersTooLong;
    if (to < 0) {
      this.#scanned = Math.max(0, end - at - 2);
      return undefined;
    }
    const text = bytes.toString('latin1', bytes.indexOf(LF, at) + 1, to);
    const lines = parseHeaderLines(text, this.#oddities);
    if (typeof lines === 'string') return lines;
    const oddities = this.#oddities.all;
    if (oddities.includes('bare-lf')) return unparsedReasons.bareLfInTrailers;
    return { type: 'end', bytes: this.#unread.take(to), trailers: lines.headers, oddities };
  }
}
