const BLOCK = 512;

/**
 * The content of the first file of a tar that goes by one of `names`, when it is no larger than `limit`. The end of the
 * archive may be missing, or broken. At most `most` bytes are read for it.
 */
export async function readFromTar(
  tar: AsyncIterable<Buffer>,
  { names, limit, most }: { names: ReadonlySet<string>; limit: number; most: number },
): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  let total = 0;
  /** Of a file that is of no interest. */
  let left = 0;
  try {
    for await (const chunk of tar) {
      total += chunk.length;
      const skipped = Math.min(left, chunk.length);
      left -= skipped;
      if (skipped < chunk.length) bytes = Buffer.concat([bytes, chunk.subarray(skipped)]);
      while (left === 0 && bytes.length >= BLOCK) {
        const { name, size } = readHeader(bytes);
        if (size === undefined) return undefined;
        if (names.has(name)) {
          if (size > limit) return undefined;
          if (bytes.length < BLOCK + size) break;
          return bytes.subarray(BLOCK, BLOCK + size);
        }
        const next = BLOCK + Math.ceil(size / BLOCK) * BLOCK;
        left = Math.max(next - bytes.length, 0);
        bytes = bytes.subarray(next);
      }
      if (total > most) return undefined;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function readHeader(block: Buffer): { name: string; size: number | undefined } {
  const text = (start: number, end: number): string =>
    block.toString('latin1', start, end).replace(/\0.*$/s, '');
  const size = /^ *([0-7]{1,11}) *$/.exec(text(124, 136))?.[1];
  return { name: text(0, 100), size: size === undefined ? undefined : Number.parseInt(size, 8) };
}
