import { createCipheriv, createHash } from 'node:crypto';

const chunkSize = 64 * 1024;
const zeros = Buffer.alloc(chunkSize);

/** What one body was: bytes and SHA-256, and whether all of it was seen or sent. */
export interface BodyFacts {
  size: number;
  sha256: string;
  complete: boolean;
}

/** `bytes` pseudo-random bytes in chunks of at most 64 KiB; the same seed always gives the same bytes. */
export function* randomChunks(bytes: number, seed: string): Generator<Buffer> {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  const keystream = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  for (let left = bytes; left > 0; left -= chunkSize) {
    yield keystream.update(zeros.subarray(0, Math.min(left, chunkSize)));
  }
}

export const randomBody = (bytes: number, seed: string): Buffer =>
  Buffer.concat([...randomChunks(bytes, seed)]);

/** Exactly `bytes` bytes of pseudo-random text that compresses to about half. */
export const randomText = (bytes: number, seed: string): Buffer =>
  Buffer.from(
    randomBody(Math.ceil(bytes / 2), seed)
      .toString('hex')
      .slice(0, bytes),
  );

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** SHA-256 of `randomChunks(bytes, seed)` without holding them. */
export function randomDigest(bytes: number, seed: string): string {
  const hash = createHash('sha256');
  for (const chunk of randomChunks(bytes, seed)) hash.update(chunk);
  return hash.digest('hex');
}
