import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { zstdFrame } from '../../helpers/origin/zstd.ts';

const brotli = (plain: Buffer): Buffer =>
  brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });

/** Every way to encode a body that can be undone, as `Content-Encoding` spells it. */
export const codings: Readonly<Record<string, (plain: Buffer) => Buffer>> = {
  gzip: (plain) => gzipSync(plain),
  'x-gzip': (plain) => gzipSync(plain),
  'GZIP ,': (plain) => gzipSync(plain),
  'identity, gzip': (plain) => gzipSync(plain),
  deflate: (plain) => deflateSync(plain),
  'deflate,': (plain) => deflateRawSync(plain),
  br: brotli,
  zstd: zstdFrame,
  'gzip, br': (plain) => brotli(gzipSync(plain)),
  'br, zstd, gzip': (plain) => gzipSync(zstdFrame(brotli(plain))),
};

/** A skippable frame of zstd, RFC 8878 3.1.2. */
const skippable = Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0]), Buffer.from('skip')]);

/** What a mirror may make of an encoded body, and what decoding it comes to; undefined: it is right. */
export const distortions: Readonly<
  Record<string, { readonly make: (encoded: Buffer) => Buffer; readonly why: readonly string[] | undefined }>
> = {
  right: { make: (encoded) => encoded, why: undefined },
  trailing: { make: (encoded) => Buffer.concat([encoded, Buffer.from('trailing')]), why: ['trailing-bytes'] },
  padded: { make: (encoded) => Buffer.concat([encoded, Buffer.alloc(64)]), why: ['trailing-bytes'] },
  'padded, then more': {
    make: (encoded) => Buffer.concat([encoded, Buffer.alloc(64), encoded]),
    why: ['trailing-bytes'],
  },
  twice: { make: (encoded) => Buffer.concat([encoded, encoded]), why: ['trailing-bytes'] },
  'followed by a skippable frame': {
    make: (encoded) => Buffer.concat([encoded, skippable]),
    why: ['trailing-bytes'],
  },
  'behind a skippable frame': {
    make: (encoded) => Buffer.concat([skippable, encoded]),
    why: ['corrupt', 'cut-short'],
  },
  'cut short': { make: (encoded) => encoded.subarray(0, -3), why: ['cut-short'] },
  garbage: {
    make: () => Buffer.from('this is nothing of the kind'.repeat(10)),
    why: ['corrupt', 'cut-short'],
  },
};

/** Really compressed, by zstd's own program. */
export const compressedZstd = {
  plain: readFileSync('test/fixtures/zstd/compressed.txt'),
  encoded: readFileSync('test/fixtures/zstd/compressed.zst'),
};
