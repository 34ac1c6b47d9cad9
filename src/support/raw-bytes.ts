/**
 * Arguments and variables are bytes, and need not be UTF-8. A byte that is no part of UTF-8 is kept in a string as a lone
 * surrogate, U+DC80 to U+DCFF (Python's `surrogateescape`, PEP 383): no text can have one, and nothing is lost.
 */
const RAW_BYTE = /[\udc80-\udcff]/u;
const FIRST = 0xdc00;
const LONGEST_CHARACTER = 4;

export function hasRawBytes(text: string): boolean {
  return RAW_BYTE.test(text);
}

/** Decodes UTF-8; bytes that are none are kept. */
export function decodeBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let decoded = '';
  for (let at = 0; at < bytes.length;) {
    const length = lengthOfCharacter(bytes, at);
    decoded +=
      length === 0
        ? String.fromCharCode(FIRST + bytes.readUInt8(at))
        : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return decoded;
}

/** The opposite of `decodeBytes`. */
export function encodeBytes(text: string): Buffer {
  const parts = text.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - FIRST) : Buffer.from(part))),
  );
}

/** For people and reports: such a byte as `\xe9`. */
export function showRawBytes(text: string): string {
  return hasRawBytes(text)
    ? text.replace(/[\udc80-\udcff]/gu, (byte) => `\\x${(byte.charCodeAt(0) - FIRST).toString(16)}`)
    : text;
}

/** 0 where no character of UTF-8 begins. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  for (let length = 1; length <= LONGEST_CHARACTER; length++) {
    const slice = bytes.subarray(at, at + length);
    if (slice.length === length && Buffer.from(slice.toString('utf8')).equals(slice)) return length;
  }
  return 0;
}
