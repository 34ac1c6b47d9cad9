import { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { readWindowSize, ZSTD_HEADER_BYTES } from './zstd-window.ts';

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
