import type { ByteSource } from './byte-source.ts';
import { MAX_ENTRIES, MAX_KEPT_TEXT } from './limits.ts';
import { BeyondLimit } from './not-examined.ts';

export interface Links {
  /** Of the page's first `base` element that has one. */
  readonly base: string | undefined;
  readonly links: readonly string[];
}

/** Of one tag, in bytes; links are shorter than this. */
const MAX_TAG = 16 * 1024;
const TAG = /^<(a|base)(?=[\s/])/i;
const HREF = /[\s/"']href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;
const LESS = 0x3c;
const GREATER = 0x3e;
const DOUBLE = 0x22;
const SINGLE = 0x27;
const EQUALS = 0x3d;
const SPACE = 0x20;

/**
 * The links of an HTML page, entities and all. Reads it once, in as much memory as its links take.
 * @throws BeyondLimit for a page with more links, or longer ones, than are kept
 */
export function readLinks(source: ByteSource): Links {
  let base: string | undefined;
  let size = 0;
  const links: string[] = [];
  for (const tag of tagsOf(source)) {
    const name = TAG.exec(tag)?.[1]?.toLowerCase();
    if (name === undefined) continue;
    const href = hrefOf(tag);
    if (href === undefined) continue;
    if (name === 'base') {
      base ??= href;
      continue;
    }
    links.push(href);
    size += href.length;
    if (links.length > MAX_ENTRIES) throw new BeyondLimit(`it has more than ${MAX_ENTRIES} links`);
    if (size > MAX_KEPT_TEXT) throw new BeyondLimit('its links are too long');
  }
  return { base, links };
}

function hrefOf(tag: string): string | undefined {
  const [, double, single, bare] = HREF.exec(tag) ?? [];
  return double ?? single ?? bare;
}

/** The tags of `a` and `base` elements, and of others that begin with these letters. */
function* tagsOf(source: ByteSource): Generator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (let piece = source.next(); piece !== undefined; piece = source.next()) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = bytes.indexOf(LESS);
    while (at >= 0) {
      const end = isWanted(bytes, at) ? endOfTag(bytes, at) : at + 1;
      if (end === undefined) break;
      if (end > at + 1) yield bytes.toString('utf8', at, end);
      at = bytes.indexOf(LESS, end);
    }
    // A copy: the piece is valid until the next one only.
    rest = at < 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  }
}

/** False for tags of other elements by their first letter, which is the next byte; true where that is not there yet. */
function isWanted(bytes: Buffer, at: number): boolean {
  const letter = (bytes[at + 1] ?? 0x61) | 0x20;
  return letter === 0x61 || letter === 0x62;
}

/**
 * The place behind a tag's end, which a quoted value does not hold; undefined where it is not there yet. A tag that is
 * too long ends at its first `>`, whatever is quoted; one without any is passed over.
 */
function endOfTag(bytes: Buffer, start: number): number | undefined {
  const most = Math.min(bytes.length, start + MAX_TAG);
  let quote = 0;
  let isValue = false;
  for (let at = start + 1; at < most; at += 1) {
    const byte = bytes[at] ?? 0;
    if (quote === 0 && byte === GREATER) return at + 1;
    quote = quoteAfter(byte, quote, isValue);
    if (byte > SPACE) isValue = byte === EQUALS;
  }
  if (most < start + MAX_TAG) return undefined;
  const first = bytes.indexOf(GREATER, start);
  return first >= 0 && first < most ? first + 1 : most;
}

/** The quote that is open behind a byte; 0 for none. */
function quoteAfter(byte: number, open: number, isValue: boolean): number {
  if (open !== 0) return byte === open ? 0 : open;
  return isValue && (byte === DOUBLE || byte === SINGLE) ? byte : 0;
}
