import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes in pieces, one after the other; a piece is valid until the next one is asked for. */
export interface ByteSource {
  /** Undefined at the end. */
  next(): Buffer | undefined;
}

const PIECE = 256 * 1024;

export function sourceOfBytes(bytes: Buffer): ByteSource {
  let rest: Buffer | undefined = bytes;
  return {
    next() {
      const piece = rest;
      rest = undefined;
      return piece;
    },
  };
}

/** Reads a file piece by piece, whatever its size; `use` gets the pieces. */
export function withFile<Result>(path: string, use: (source: ByteSource) => Result): Result {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    return use({
      next() {
        const size = readSync(fd, buffer, 0, PIECE, null);
        return size === 0 ? undefined : buffer.subarray(0, size);
      },
    });
  } finally {
    closeSync(fd);
  }
}
