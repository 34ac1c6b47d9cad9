// RFC 8878 3.1.1.
const MAGIC = 0xfd2fb528;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RLE = 1;
const RESERVED = 3;

/** Walks one frame, without decoding it, to find where it ends. */
export class ZstdFrame {
  #pending = Buffer.alloc(0);
  #step: 'header' | 'block-header' | 'block' | 'checksum' | 'end' = 'header';
  #left = 0;
  #hasChecksum = false;
  #isLastBlock = false;

  get isEnded(): boolean {
    return this.#step === 'end';
  }

  /** How many bytes of `chunk` are the frame's. Throws a `RangeError` for what is no frame. */
  take(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length && this.#step !== 'end') at += this.#advance(chunk.subarray(at));
    return at;
  }

  #advance(chunk: Buffer): number {
    if (this.#step === 'block' || this.#step === 'checksum') {
      const taken = Math.min(this.#left, chunk.length);
      this.#left -= taken;
      if (this.#left === 0) this.#next();
      return taken;
    }
    const before = this.#pending.length;
    const bytes = this.#step === 'header' ? headerBytes(this.#pending) : BLOCK_HEADER_BYTES;
    this.#pending = Buffer.concat([this.#pending, chunk.subarray(0, bytes - before)]);
    if (this.#pending.length === bytes) this.#read(bytes);
    return Math.min(bytes - before, chunk.length);
  }

  #read(bytes: number): void {
    const head = this.#pending;
    if (this.#step === 'header') {
      if (bytes === 5 && head.readUInt32LE(0) !== MAGIC) throw new RangeError('no zstd frame');
      if (headerBytes(head) > bytes) return;
      this.#hasChecksum = ((head[4] ?? 0) & 0x04) !== 0;
      this.#step = 'block-header';
    } else {
      const header = head.readUIntLE(0, BLOCK_HEADER_BYTES);
      const type = (header >> 1) & 3;
      if (type === RESERVED) throw new RangeError('a zstd block of a reserved type');
      this.#isLastBlock = (header & 1) === 1;
      this.#left = type === RLE ? 1 : header >> 3;
      this.#step = 'block';
      if (this.#left === 0) this.#next();
    }
    this.#pending = Buffer.alloc(0);
  }

  #next(): void {
    if (this.#step === 'checksum') this.#step = 'end';
    else if (!this.#isLastBlock) this.#step = 'block-header';
    else if (this.#hasChecksum) {
      this.#step = 'checksum';
      this.#left = CHECKSUM_BYTES;
    } else this.#step = 'end';
  }
}

/** Of the frame's header, as far as its first bytes tell: magic and descriptor first. */
function headerBytes(head: Buffer): number {
  if (head.length < 5) return 5;
  const descriptor = head[4] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >> 6;
  const contentSize = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** sizeFlag;
  return 5 + (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}
