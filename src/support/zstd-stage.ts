import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';

// RFC 8878 3.1.1.1.
const MAGIC = 0xfd2fb528;
const SINGLE_SEGMENT = 0x20;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;

/** Bytes of a frame's start that always suffice for `readWindowSize`. */
const ZSTD_HEADER_BYTES = 18;

/** RFC 9659: a decoder need not accept a larger one for the content coding. The library here crawls with those. */
const MAX_ZSTD_WINDOW = 8 * 1024 * 1024;

/** Node's own decoder where there is one. */
export function createZstdStage(): Transform {
  const native = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;
  if (native !== undefined) return native();
  let head: Buffer | undefined = Buffer.alloc(0);
  const decompress = new Decompress((chunk) => stage.push(chunk));
  const decode = (chunk: Buffer): void => {
    if (head !== undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < ZSTD_HEADER_BYTES) return;
      const window = readWindowSize(head);
      if (window === undefined || window > MAX_ZSTD_WINDOW)
        throw new RangeError('a zstd frame with too large a window');
      chunk = head;
      head = undefined;
    }
    decompress.push(chunk);
  };
  const stage = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(
        errorOf(() => {
          decode(chunk);
        }),
      );
    },
    flush(done) {
      done(
        errorOf(() => {
          if (head !== undefined) decompress.push(head);
          decompress.push(Buffer.alloc(0), true);
        }),
      );
    },
  });
  return stage;
}

/** The library throws errors of several kinds. */
function errorOf(step: () => void): Error | null {
  try {
    step();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The window that the first frame asks for, in bytes; undefined for what is no frame or is cut too short. */
export function readWindowSize(head: Buffer): number | undefined {
  if (head.length < 6 || head.readUInt32LE(0) !== MAGIC) return undefined;
  const descriptor = head[4] ?? 0;
  if ((descriptor & SINGLE_SEGMENT) === 0) {
    const window = head[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const flag = descriptor >> 6;
  const size = flag === 0 ? 1 : (CONTENT_SIZE_BYTES[flag] ?? 0);
  const at = 5 + dictionaryBytes;
  if (head.length < at + size) return undefined;
  return size === 8 ? Number(head.readBigUInt64LE(at)) : head.readUIntLE(at, size);
}
