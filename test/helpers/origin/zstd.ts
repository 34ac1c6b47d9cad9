/** Largest block the format allows. */
const blockSize = 128 * 1024;

/**
 * Wraps `content` in one Zstandard frame of raw (uncompressed) blocks, RFC 8878 section 3.1.1: valid for every decoder,
 * and made without a compressor. `compressedZstd` in the fixtures is really compressed.
 */
export function zstdFrame(content: Buffer): Buffer {
  const header = Buffer.alloc(4 + 1 + 1);
  header.writeUInt32LE(0xfd2fb528, 0);
  // No content size, no checksum, a window of 128 KiB (exponent 7, mantissa 0).
  header.writeUInt8(0, 4);
  header.writeUInt8(7 << 3, 5);
  const parts: Buffer[] = [header];
  for (let start = 0; start === 0 || start < content.length; start += blockSize) {
    const block = content.subarray(start, start + blockSize);
    const last = start + blockSize >= content.length;
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE((block.length << 3) | (last ? 1 : 0), 0, 3);
    parts.push(blockHeader, block);
  }
  return Buffer.concat(parts);
}
