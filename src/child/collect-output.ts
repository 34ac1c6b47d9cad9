import type { Readable } from 'node:stream';

export interface CollectedOutput {
  readonly bytes: Buffer;
  /** More came than is kept. */
  readonly isTruncated: boolean;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** For what still lies in a pipe that nobody writes to any more. */
const END_MS = 500;

/**
 * Reads a pipe to its end, so that its writer never waits, and keeps the first 64 MiB. The returned function closes the
 * pipe, which something else may still hold open, and gives what came; null for no pipe.
 */
export function collectOutput(stream: Readable | null): () => Promise<CollectedOutput | null> {
  if (stream === null) return () => Promise.resolve(null);
  const chunks: Buffer[] = [];
  let size = 0;
  let isTruncated = false;
  stream.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, MAX_BYTES - size);
    isTruncated ||= kept.length < chunk.length;
    size += kept.length;
    if (kept.length > 0) chunks.push(kept);
  });
  const closed = new Promise<void>((resolve) => {
    stream.once('close', resolve);
  });
  return async () => {
    const timer = setTimeout(() => stream.destroy(), END_MS);
    await closed;
    clearTimeout(timer);
    return { bytes: Buffer.concat(chunks), isTruncated };
  };
}
