import type { ByteSource } from './byte-source.ts';

/** Longer lines are left out: none that is of interest is. */
const MAX_LINE = 1024 * 1024;
const NEWLINE = 0x0a;

/** The lines of a text, without their ends; each is valid until the next one is asked for. */
export function* linesOf(source: ByteSource): Generator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for (let piece = source.next(); piece !== undefined; piece = source.next()) {
    let at = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, at)) {
      const last = piece.subarray(at, end);
      at = end + 1;
      const line = size === 0 ? last : Buffer.concat([...parts, last]);
      parts = [];
      if (size + last.length <= MAX_LINE) yield line;
      size = 0;
    }
    const rest = piece.length - at;
    size += rest;
    if (size > MAX_LINE) parts = [];
    else if (rest > 0) parts.push(Buffer.from(piece.subarray(at)));
  }
  if (size > 0 && size <= MAX_LINE) yield Buffer.concat(parts);
}
