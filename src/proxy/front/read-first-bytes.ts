import type { Duplex } from 'node:stream';
import { readUntil } from '../peek.ts';
import { classifyFirstBytes } from './first-bytes.ts';

/** What begins as a request of a method that is not registered is waited for so long. */
const UNDECIDED_MS = 1_000;

/**
 * What a side that speaks has said first, until it is known what it speaks, and puts it back; null: it has ended. Where it
 * ends before that is known nothing can be put back: see `restOf`.
 */
export async function readFirstBytes(stream: Duplex): Promise<Buffer | null> {
  let first: Buffer | null = null;
  await readUntil(
    stream,
    (bytes) => {
      first = bytes;
      return { state: classifyFirstBytes(bytes) === 'undecided' ? 'incomplete' : 'complete', length: 0 };
    },
    UNDECIDED_MS,
  );
  return first;
}

/** What of the first bytes is not in the stream any more: all of them, where it has ended within its first line. */
export function restOf(stream: Duplex, first: Buffer): Buffer | undefined {
  return stream.readableEnded && !stream.destroyed ? first : undefined;
}
