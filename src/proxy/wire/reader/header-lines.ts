import { CR, isBlankCode, isControlCode, isTokenCode, isVisibleAscii, LF } from './characters.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { OddityList } from './oddities.ts';

/** The header lines of a head, or the lines of a trailer section. */
export interface HeaderLines {
  /** A flat list: name, value, name, value, … */
  readonly headers: string[];
  /** The values of all Content-Length and of all Transfer-Encoding lines; undefined where there is none. */
  readonly contentLengths: readonly string[] | undefined;
  readonly transferEncodings: readonly string[] | undefined;
}

/** Parses header lines up to the empty one, that ends the text. */
export function parseHeaderLines(text: string, oddities: OddityList): HeaderLines | UnparsedReason {
  const parser = new HeaderLineParser(text, oddities);
  return parser.parse() ?? parser;
}

const COLON = 58;
const CONTENT_LENGTH = 'content-length';
const TRANSFER_ENCODING = 'transfer-encoding';

function isFramingName(name: string): boolean {
  if (name.length === CONTENT_LENGTH.length) return name.toLowerCase() === CONTENT_LENGTH;
  return name.length === TRANSFER_ENCODING.length && name.toLowerCase() === TRANSFER_ENCODING;
}

class HeaderLineParser implements HeaderLines {
  readonly headers: string[] = [];
  contentLengths: string[] | undefined;
  transferEncodings: string[] | undefined;
  readonly #text: string;
  readonly #oddities: OddityList;

  constructor(text: string, oddities: OddityList) {
    this.#text = text;
    this.#oddities = oddities;
  }

  parse(): UnparsedReason | undefined {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      const lineFeed = text.indexOf('\n', at);
      let end = lineFeed;
      if (end > at && text.charCodeAt(end - 1) === CR) end--;
      else this.#oddities.add('bare-lf');
      if (end === at) return undefined;
      const fault = isBlankCode(text.charCodeAt(at)) ? this.#addFold(at, end) : this.#addLine(at, end);
      if (fault !== undefined) return fault;
      at = lineFeed + 1;
    }
    return undefined;
  }

  #addLine(at: number, end: number): UnparsedReason | undefined {
    let colon = this.#plainColon(at, end);
    let nameEnd = colon;
    if (colon < 0) {
      colon = this.#text.indexOf(':', at);
      if (colon < 0 || colon >= end) return unparsedReasons.lineWithoutColon;
      nameEnd = this.#endOfOddName(at, colon);
      if (nameEnd < 0) return unparsedReasons.headerName;
    }
    const name = this.#text.slice(at, nameEnd);
    const value = this.#valueOf(colon + 1, end);
    if (value === undefined) return this.#faultOf(colon + 1, end);
    this.headers.push(name, value);
    if (!isFramingName(name)) return undefined;
    if (nameEnd !== colon) return unparsedReasons.oddFramingHeader;
    if (name.length === CONTENT_LENGTH.length) (this.contentLengths ??= []).push(value);
    else return this.#addTransferEncoding(value, end);
    return undefined;
  }

  /**
   * http.client of Python knows no coding with a blank behind it, and no header behind a line with a blank before its
   * colon. A length that it misses so is harmless: the surplus that it would take is a response without a request.
   */
  #addTransferEncoding(value: string, end: number): UnparsedReason | undefined {
    const isOdd = isBlankCode(this.#text.charCodeAt(end - 1)) && value !== '';
    if (isOdd || this.#oddities.all.includes('space-before-colon')) return unparsedReasons.oddFramingHeader;
    (this.transferEncodings ??= []).push(value);
    return undefined;
  }

  /** The index of the colon where only a token stands before it; else -1. */
  #plainColon(at: number, end: number): number {
    let nameEnd = at;
    while (nameEnd < end && isTokenCode(this.#text.charCodeAt(nameEnd))) nameEnd++;
    return nameEnd > at && this.#text.charCodeAt(nameEnd) === COLON ? nameEnd : -1;
  }

  /** The end of a name with white space before its colon or with delimiters in it; -1 where readers part. */
  #endOfOddName(at: number, colon: number): number {
    let end = colon;
    while (end > at && isBlankCode(this.#text.charCodeAt(end - 1))) end--;
    if (end === at) return -1;
    if (end !== colon) this.#oddities.add('space-before-colon');
    for (let index = at; index < end; index++) {
      const code = this.#text.charCodeAt(index);
      if (!isVisibleAscii(code)) return -1;
      if (!isTokenCode(code)) this.#oddities.add('odd-character-in-name');
    }
    return end;
  }

  #addFold(at: number, end: number): UnparsedReason | undefined {
    const { headers } = this;
    const name = headers.at(-2);
    if (name === undefined) return unparsedReasons.firstLineFolded;
    const value = this.#valueOf(at, end);
    if (value === undefined) return this.#faultOf(at, end);
    if (isFramingName(name)) return unparsedReasons.oddFramingHeader;
    this.#oddities.add('folded-line');
    const before = headers.at(-1) ?? '';
    headers[headers.length - 1] = before === '' || value === '' ? before + value : `${before} ${value}`;
    return undefined;
  }

  /** What stands there without blanks around it; undefined where a NUL or a CR is in it. */
  #valueOf(from: number, to: number): string | undefined {
    const text = this.#text;
    let at = from;
    let end = to;
    while (at < end && isBlankCode(text.charCodeAt(at))) at++;
    while (end > at && isBlankCode(text.charCodeAt(end - 1))) end--;
    for (let index = at; index < end; index++) {
      const code = text.charCodeAt(index);
      if (!isControlCode(code)) continue;
      if (code === 0 || code === CR) return undefined;
      this.#oddities.add('control-character');
    }
    return text.slice(at, end);
  }

  #faultOf(from: number, to: number): UnparsedReason {
    const nul = this.#text.indexOf('\0', from);
    const isNulFirst = nul >= 0 && nul < to && !this.#text.slice(from, nul).includes('\r');
    return isNulFirst ? unparsedReasons.nul : unparsedReasons.bareCr;
  }
}

/** The index behind the empty line that ends a head; -1 where it has not come. The line feed of its last line is at `from` or later. */
export function findEmptyLine(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to - 1; at++) {
    if (bytes[at] !== LF) continue;
    const next = bytes[at + 1];
    if (next === LF) return at + 2;
    if (next === CR && at + 2 < to && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

/** The index of the first line feed; -1 where there is none. */
export function findLineFeed(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] === LF) return at;
  }
  return -1;
}
