// RFC 8878 3.1.1.1.
const MAGIC = 0xfd2fb528;
const SINGLE_SEGMENT = 0x20;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;

/** Bytes of a frame's start that always suffice for `readWindowSize`. */
export const ZSTD_HEADER_BYTES = 18;

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
