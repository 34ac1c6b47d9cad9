import { CR, isBlankCode, isControlCode, LF } from './characters.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { OddityList } from './oddities.ts';

/** More digits than any reader takes without overflow. */
const MAX_DIGITS = 16;

/** The value of a hexadecimal digit; -1 where it is none. */
export function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/**
 * Parses `chunk-size [chunk-ext] CRLF` (RFC 9112 section 7.1). Blanks after the size are accepted: old servers pad
 * it. White space before the size, a sign, `0x` and a bare LF are not: readers differ in them.
 * @param lineFeed the index of the LF of the line that begins at `from`
 */
export function parseChunkSize(
  bytes: Buffer,
  { from, lineFeed }: { from: number; lineFeed: number },
  oddities: OddityList,
): number | UnparsedReason {
  const end = lineFeed - 1;
  let at = from;
  let size = 0;
  for (; at < end; at++) {
    const digit = hexValue(bytes[at] ?? LF);
    if (digit < 0) break;
    size = size * 16 + digit;
  }
  const digits = at - from;
  if (digits === 0 || digits > MAX_DIGITS || bytes[end] !== CR || !Number.isSafeInteger(size)) {
    return unparsedReasons.oddChunkSize;
  }
  if (at === end) return size;
  if (!isExtension(bytes, at, end)) return unparsedReasons.oddChunkSize;
  if (isBlankCode(bytes[at] ?? LF)) oddities.add('blank-after-chunk-size');
  return size;
}

/** Blanks, and after a semicolon anything but control characters. */
function isExtension(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && isBlankCode(bytes[at] ?? LF)) at++;
  if (at < to && bytes[at] !== 59) return false;
  for (; at < to; at++) {
    if (isControlCode(bytes[at] ?? LF)) return false;
  }
  return true;
}
