import type { ByteSource } from './byte-source.ts';
import { MAX_TEXT } from './limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const END = -1;

/**
 * Reads a JSON text (RFC 8259) front to back, in as much memory as its longest wanted text takes. What is skipped may be
 * nested to any depth; that it is well-formed is not checked, as what its clients cannot parse they do not use either.
 */
export class JsonScanner {
  readonly #source: ByteSource;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Calls `member` after each name; it must read or skip the value. False for what is no object: nothing is read. */
  object(member: (name: string | undefined) => void): boolean {
    if (this.#peek() !== OPEN_OBJECT) return false;
    this.#at += 1;
    if (this.#peek() === CLOSE_OBJECT) {
      this.#at += 1;
      return true;
    }
    do {
      if (this.#peek() !== QUOTE) throw malformed();
      const name = this.text();
      if (this.#take() !== COLON) throw malformed();
      member(name);
    } while (this.#goesOn(CLOSE_OBJECT));
    return true;
  }

  /** Calls `item` for each value; it must read or skip it. False for what is no array: nothing is read. */
  array(item: () => void): boolean {
    if (this.#peek() !== OPEN_ARRAY) return false;
    this.#at += 1;
    if (this.#peek() === CLOSE_ARRAY) {
      this.#at += 1;
      return true;
    }
    do item();
    while (this.#goesOn(CLOSE_ARRAY));
    return true;
  }

  /** Undefined for what is no string, and for one that is longer than any that is wanted; either is skipped. */
  text(most = MAX_TEXT): string | undefined {
    if (this.#peek() !== QUOTE) {
      this.skip();
      return undefined;
    }
    this.#at += 1;
    const parts: Buffer[] = [];
    const size = this.#passString(parts, most);
    return size > most ? undefined : decode(parts);
  }

  /** A number, true, false or null; undefined for anything else, which is skipped. */
  scalar(): unknown {
    const first = this.#peek();
    if (first === QUOTE || first === OPEN_ARRAY || first === OPEN_OBJECT) {
      this.skip();
      return undefined;
    }
    const parts: Buffer[] = [];
    this.#passScalar(parts);
    return JSON.parse(Buffer.concat(parts).toString('latin1'));
  }

  skip(): void {
    let depth = 0;
    do {
      const byte = this.#peek();
      if (byte === END) throw malformed();
      if (isOfScalar(byte)) {
        this.#passScalar();
        continue;
      }
      this.#at += 1;
      if (byte === QUOTE) this.#passString();
      else depth += depthOf(byte, depth);
    } while (depth > 0);
  }

  /** Throws where anything follows. */
  end(): void {
    if (this.#peek() !== END) throw malformed();
  }

  #goesOn(close: number): boolean {
    const byte = this.#take();
    if (byte !== COMMA && byte !== close) throw malformed();
    return byte === COMMA;
  }

  /** After its opening quote, to behind its closing one. @param kept gets its content, unless that is longer than `most` */
  #passString(kept?: Buffer[], most = 0): number {
    let size = 0;
    let isEscaped = false;
    for (;;) {
      const start = this.#at;
      const at = endOfString(this.#bytes, isEscaped && start < this.#bytes.length ? start + 1 : start);
      const end = Math.min(at, this.#bytes.length);
      if (kept !== undefined && size <= most) kept.push(Buffer.from(this.#bytes.subarray(start, end)));
      size += end - start;
      this.#at = end + 1;
      if (at < this.#bytes.length) return size;
      isEscaped = at > this.#bytes.length || (isEscaped && start >= this.#bytes.length);
      if (!this.#refill()) throw malformed();
    }
  }

  #passScalar(kept?: Buffer[]): void {
    let size = 0;
    for (;;) {
      const start = this.#at;
      while (this.#at < this.#bytes.length && isOfScalar(this.#bytes[this.#at] ?? 0)) this.#at += 1;
      size += this.#at - start;
      if (size <= MAX_TEXT) kept?.push(Buffer.from(this.#bytes.subarray(start, this.#at)));
      if (this.#at < this.#bytes.length || !this.#refill()) break;
    }
    if (size === 0 || size > MAX_TEXT) throw malformed();
  }

  #take(): number {
    const byte = this.#peek();
    this.#at += 1;
    return byte;
  }

  /** The next byte that is no white space. */
  #peek(): number {
    for (;;) {
      while (this.#at < this.#bytes.length) {
        const byte = this.#bytes[this.#at] ?? END;
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
        this.#at += 1;
      }
      if (!this.#refill()) return END;
    }
  }

  #refill(): boolean {
    const next = this.#source.next();
    if (next === undefined) return false;
    this.#bytes = next;
    this.#at = 0;
    return true;
  }
}

/** Of the quote that ends a string; the length, or one more where its last byte escapes the next, where that is not there. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** How much deeper what follows a byte lies. Throws for one that begins no value. */
function depthOf(byte: number, depth: number): number {
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return 1;
  if (depth > 0 && (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY)) return -1;
  if (depth > 0 && (byte === COMMA || byte === COLON)) return 0;
  throw malformed();
}

/** Letters, digits, `+`, `-` and `.`: what numbers and the three words are of. */
function isOfScalar(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x45
  );
}

function decode(parts: readonly Buffer[]): string {
  const [first] = parts;
  const content = first !== undefined && parts.length === 1 ? first : Buffer.concat(parts);
  const text = content.toString('utf8');
  // A text without escapes is what it says; control characters must be escaped.
  return content.includes(BACKSLASH) ? (JSON.parse(`"${text}"`) as string) : text;
}

function malformed(): SyntaxError {
  return new SyntaxError('it is no JSON');
}
