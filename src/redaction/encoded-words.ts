/** What stands behind a word that may be base64, base64url, base32 or hexadecimal. */
const MIN_WORD = 22;
const WORD = /(?<![\w+-])[\w+-]{22,}/g;
const HEX = /^[0-9a-f]+$/i;
/** Bytes of printable ASCII; a digest has others among its first ones. */
const PRINTABLE_HEX = /^(?:[2-7][0-9a-f]){16,}$/i;
const BASE32 = /^(?:[A-Z2-7]+|[a-z2-7]+)$/;

/** A word and what it decodes to; more than one, as a slash is base64 too but ends a word in a path. */
export interface EncodedWord {
  readonly start: number;
  readonly end: number;
  readonly decoded: readonly string[];
}

/** The words of a text that may hide another text. Digests, names and versions are mostly told from them at a glance. */
export function encodedWords(text: string): EncodedWord[] {
  if (text.length < MIN_WORD) return [];
  const found: EncodedWord[] = [];
  // On the way of each exchange: `matchAll` costs more than all else here.
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    const { 0: word, index } = match;
    const decoded = decodeWord(word);
    if (decoded.length === 0) continue;
    let end = index + word.length;
    while (text.charAt(end) === '=') end++;
    found.push({ start: index, end, decoded });
  }
  return found;
}

function decodeWord(word: string): string[] {
  if (HEX.test(word)) {
    return PRINTABLE_HEX.test(word) ? [Buffer.from(word, 'hex').toString('latin1')] : [];
  }
  if (BASE32.test(word)) return [decodeBase32(word)];
  // The base64 of text has letters of both cases.
  if (!/[A-Z]/.test(word) || !/[a-z]/.test(word)) return [];
  return [0, 1, 2, 3].map((skipped) => Buffer.from(word.slice(skipped), 'base64').toString('latin1'));
}

const BASE32_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function decodeBase32(word: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of word.toUpperCase()) {
    bits = ((bits << 5) | BASE32_DIGITS.indexOf(digit)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Buffer.from(bytes).toString('latin1');
}

/** The base32 of bytes, without padding (RFC 4648). */
export function encodeBase32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    count += 8;
    for (; count >= 5; count -= 5) text += BASE32_DIGITS.charAt((bits >> (count - 5)) & 31);
  }
  return count === 0 ? text : text + BASE32_DIGITS.charAt((bits << (5 - count)) & 31);
}
