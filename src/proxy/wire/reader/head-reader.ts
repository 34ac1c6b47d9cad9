import { CR, isTokenCode, LF, SPACE } from './characters.ts';
import { frameRequest, frameResponse } from './framing.ts';
import { findEmptyLine, findLineFeed, parseHeaderLines, type HeaderLines } from './header-lines.ts';
import { OddityList } from './oddities.ts';
import { parseRequestLine, parseStatusLine, type RequestLine, type StatusLine } from './start-line.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { RequestHead, ResponseHead } from './message-head.ts';
import type { HeadPiece } from './piece.ts';
import type { UnreadBytes } from './unread-bytes.ts';

/** So much of an unfinished start line is looked at, to know early what is no HTTP. */
const PREFIX = 64;
const VERSION_START = Buffer.from('HTTP/');
/** With any digit for its minor version. */
const TIMEOUT_START = Buffer.from('HTTP/1.1 408');

/** Reads the heads of one direction, each from its first byte to its empty line. */
export class HeadReader {
  readonly #kind: 'request' | 'response';
  readonly #unread: UnreadBytes;
  readonly #maxBytes: number;
  #oddities = new OddityList();
  /** What was found of an unfinished head, from its first byte on. */
  #begin = 0;
  #scanned = 0;
  #line: RequestLine | StatusLine | undefined;
  #linesAt = 0;

  constructor(kind: 'request' | 'response', unread: UnreadBytes, maxBytes: number) {
    this.#kind = kind;
    this.#unread = unread;
    this.#maxBytes = maxBytes;
  }

  /**
   * The next head, undefined where it is not whole, or why it cannot be parsed. A start line that is none is known when
   * it is there: HTTP/0.9 and other protocols send nothing behind it.
   */
  next(answering: string | undefined): HeadPiece | UnparsedReason | undefined {
    const unread = this.#unread;
    do {
      if (unread.at === unread.end) continue;
      if (this.#kind === 'response' && answering === undefined && !this.#mayBeTimeout()) {
        return unparsedReasons.responseWithoutRequest;
      }
      const head = this.#read(answering ?? 'GET');
      if (head !== undefined) return head;
    } while (unread.join());
    return undefined;
  }

  /** Of a head that cannot be parsed: its start line, where that could be, without any field. */
  startOfUnparsed(): RequestHead | ResponseHead | undefined {
    const line = this.#line;
    if (line === undefined) return undefined;
    const rest = { headers: [], framing: { kind: 'none' }, oddities: this.#oddities.all } as const;
    return 'method' in line
      ? { kind: 'request', ...line, ...rest }
      : { kind: 'response', ...line, ...rest, isInterim: false };
  }

  #read(method: string): HeadPiece | UnparsedReason | undefined {
    const { at, end } = this.#unread;
    if (this.#line === undefined) {
      const fault = this.#readStartLine();
      if (fault !== undefined) return fault;
    }
    const line = this.#line;
    if (line === undefined) return end - at > this.#maxBytes ? unparsedReasons.headTooLong : undefined;
    const to = findEmptyLine(this.#unread.bytes, at + this.#scanned, end);
    if ((to < 0 ? end : to) - at > this.#maxBytes) return unparsedReasons.headTooLong;
    if (to < 0) {
      this.#scanned = Math.max(this.#scanned, end - at - 2);
      return undefined;
    }
    return this.#finish(line, method, to);
  }

  /** Why there is none; `#line` is set once its line feed is there. */
  #readStartLine(): UnparsedReason | undefined {
    const { bytes, at, end } = this.#unread;
    if (this.#kind === 'request' && this.#scanned === this.#begin) this.#skipEmptyLines();
    const from = at + this.#begin;
    const isStarted = from < end && (from + 1 < end || bytes[from] !== CR);
    if (!isStarted) return undefined;
    const isChecked = this.#scanned - this.#begin >= PREFIX;
    if (!isChecked && !this.#mayBegin(from, Math.min(end, from + PREFIX))) {
      return this.#kind === 'request' ? unparsedReasons.notARequest : unparsedReasons.notAResponse;
    }
    const limit = Math.min(end, at + this.#maxBytes);
    const lineFeed = findLineFeed(bytes, at + this.#scanned, limit);
    if (lineFeed < 0) {
      this.#scanned = Math.max(this.#scanned, limit - at);
      return undefined;
    }
    this.#scanned = lineFeed - at;
    return this.#parseStartLine(from, lineFeed);
  }

  #parseStartLine(from: number, lineFeed: number): UnparsedReason | undefined {
    const { bytes, at } = this.#unread;
    const isBare = bytes[lineFeed - 1] !== CR;
    if (isBare) this.#oddities.add('bare-lf');
    const text = bytes.toString('latin1', from, isBare ? lineFeed : lineFeed - 1);
    const parse = this.#kind === 'request' ? parseRequestLine : parseStatusLine;
    const line = parse(text, this.#oddities);
    if (typeof line === 'string') return line;
    this.#line = line;
    this.#linesAt = lineFeed + 1 - at;
    return undefined;
  }

  /** RFC 9112 section 2.2; a CR without its LF stays and is no start of a request. */
  #skipEmptyLines(): void {
    const { bytes, at, end } = this.#unread;
    const first = at + this.#begin;
    let from = first;
    for (;;) {
      if (from < end && bytes[from] === LF) from += 1;
      else if (from + 1 < end && bytes[from] === CR && bytes[from + 1] === LF) from += 2;
      else break;
    }
    if (from === first) return;
    this.#oddities.add('empty-line-before-request');
    this.#begin = from - at;
    this.#scanned = this.#begin;
  }

  #mayBegin(from: number, to: number): boolean {
    const { bytes } = this.#unread;
    if (this.#kind === 'response') return startsLike(bytes, VERSION_START, { from, to });
    let at = from;
    while (at < to && isTokenCode(bytes[at] ?? LF)) at++;
    return at === to || (at > from && bytes[at] === SPACE);
  }

  #mayBeTimeout(): boolean {
    const { bytes, at, end } = this.#unread;
    return startsLike(bytes, TIMEOUT_START, { from: at, to: end });
  }

  #finish(line: RequestLine | StatusLine, method: string, to: number): HeadPiece | UnparsedReason {
    const { bytes, at } = this.#unread;
    const oddities = this.#oddities;
    const lines = parseHeaderLines(bytes.toString('latin1', at + this.#linesAt, to), oddities);
    if (typeof lines === 'string') return lines;
    const head =
      'method' in line ? toRequest(line, lines, oddities) : toResponse({ line, method }, lines, oddities);
    if (typeof head === 'string') return head;
    this.#line = undefined;
    this.#begin = 0;
    this.#scanned = 0;
    if (oddities.all.length > 0) this.#oddities = new OddityList();
    return { type: 'head', bytes: this.#unread.take(to), head };
  }
}

/** Whether the bytes begin like that, as far as both go; a minor version may be any. */
function startsLike(bytes: Buffer, start: Buffer, { from, to }: { from: number; to: number }): boolean {
  const length = Math.min(start.length, to - from);
  for (let index = 0; index < length; index++) {
    if (bytes[from + index] !== start[index] && index !== 7) return false;
  }
  return true;
}

function toRequest(
  line: RequestLine,
  lines: HeaderLines,
  oddities: OddityList,
): RequestHead | UnparsedReason {
  const framing = frameRequest(line, lines, oddities);
  if (typeof framing === 'string') return framing;
  const { method, target, version } = line;
  return {
    kind: 'request',
    method,
    target,
    version,
    headers: lines.headers,
    framing,
    oddities: oddities.all,
  };
}

function toResponse(
  { line, method }: { line: StatusLine; method: string },
  lines: HeaderLines,
  oddities: OddityList,
): ResponseHead | UnparsedReason {
  const framing = frameResponse({ line, method }, lines, oddities);
  if (typeof framing === 'string') return framing;
  const { status, reason, version } = line;
  const isInterim = status < 200 && status !== 101;
  return {
    kind: 'response',
    status,
    reason,
    version,
    headers: lines.headers,
    framing,
    oddities: oddities.all,
    isInterim,
  };
}
