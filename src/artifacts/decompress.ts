import { Readable, type Transform } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { createZstdStage } from '../support/zstd-stage.ts';

const xzMagic = 'fd377a585a00';
const stages: readonly (readonly [magic: string, create: () => Transform])[] = [
  ['1f8b', createGunzip],
  ['28b52ffd', createZstdStage],
];

/**
 * The plain bytes of what may be compressed by xz, gzip or zstd, told by its first bytes. Throws where the compressed
 * data ends: cut short or broken. Other work gets its turn between the pieces.
 */
export async function* decompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]();
  try {
    const first = await pieces.next();
    if (first.done === true) return;
    const rest = async function* (): AsyncGenerator<Buffer> {
      yield first.value;
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
    };
    const head = first.value.toString('hex', 0, 6);
    const stage = stages.find(([magic]) => head.startsWith(magic))?.[1];
    if (head === xzMagic) yield* decompressXz(rest());
    else if (stage !== undefined) yield* through(stage(), rest());
    else yield* rest();
  } finally {
    await pieces.return?.();
  }
}

async function* through(stage: Transform, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const from = Readable.from(source);
  from.on('error', (error) => stage.destroy(error));
  from.pipe(stage);
  try {
    for await (const piece of stage) yield piece as Buffer;
  } finally {
    from.destroy();
  }
}

/** Node has no decoder of its own. The library's one runs on this thread, so each 64 KiB make way for other work. */
async function* decompressXz(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const library = await import('xz-decompress');
  const { XzReadableStream } = library.default;
  const decoded = new XzReadableStream(ReadableStream.from(source));
  const reader = decoded.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      await setImmediate();
    }
  } finally {
    // The library frees its memory twice where it had read to the end before, and complains.
    await reader.cancel().catch(() => undefined);
  }
}
