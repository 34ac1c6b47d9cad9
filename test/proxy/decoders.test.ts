import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/proxy/exchange/decoders.ts';
import { readWindowSize } from '../../src/support/zstd-stage.ts';
import { randomText } from '../helpers/origin/random.ts';

const plain = Buffer.from(randomText(20_000, 'decoders'));
const expected = { size: plain.length, sha256: createHash('sha256').update(plain).digest('hex') };

async function decode(coding: string, body: Buffer, step = 1000) {
  const decoder = createDecoder(coding);
  if (typeof decoder !== 'object') return decoder;
  for (let at = 0; at < body.length; at += step) {
    if (!decoder.write(body.subarray(at, at + step))) {
      await new Promise<void>((resolve) => {
        decoder.onDrain(resolve);
      });
    }
  }
  return decoder.finish();
}

describe('a decoder', () => {
  it.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['gzip, br', brotliCompressSync(gzipSync(plain))],
    ['identity, GZIP', gzipSync(plain)],
  ])('of %s finds what the body stands for', async (coding, body) => {
    expect(await decode(coding, body)).toEqual(expected);
    expect(await decode(coding, body, 1)).toEqual(expected);
  });

  it('of zstd does, however the bytes are cut', async () => {
    const text = readFileSync('test/fixtures/zstd/compressed.txt');
    const digest = { size: text.length, sha256: createHash('sha256').update(text).digest('hex') };
    const body = readFileSync('test/fixtures/zstd/compressed.zst');
    for (const step of [1, 7, 100_000]) expect(await decode('zstd', body, step)).toEqual(digest);
  });

  it.each([
    ['identity', undefined],
    ['', undefined],
    [' , identity,', undefined],
    ['x-unheard-of', 'unknown-coding'],
    ['compress', 'unknown-coding'],
    ['gzip;q=1', 'unknown-coding'],
    ['constructor', 'unknown-coding'],
    ['gzip, x-unheard-of', 'unknown-coding'],
    ['gzip, gzip, gzip, gzip', 'too-many-codings'],
  ])('does not exist for %j', async (coding, why) => {
    expect(await decode(coding, Buffer.from('x'))).toBe(why);
  });

  it('stops at a bomb, be it in the middle', async () => {
    const zeros = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(await decode('gzip', zeros, 16_384)).toBe('too-large');
    // Empty stored blocks: hundreds of megabytes that decode to nothing.
    const blocks = Buffer.alloc(80 * 1024 * 1024, Buffer.from([0, 0, 0, 0xff, 0xff]));
    const nothing = deflateSync(Buffer.concat([Buffer.from([0x78, 0x9c]), blocks]));
    expect(await decode('deflate, deflate', nothing, 16_384)).toBe('too-large');
  });

  it('reads every field of a gzip header', async () => {
    const [head, rest] = [gzipSync(plain).subarray(0, 10), gzipSync(plain).subarray(10)];
    const withFlags = (flags: number, ...fields: Buffer[]): Buffer => {
      const fixed = Buffer.from(head);
      fixed[3] = flags;
      return Buffer.concat([fixed, ...fields, rest]);
    };
    const text = Buffer.from('name\0');
    const extra = Buffer.concat([Buffer.from([3, 0]), Buffer.from('ext')]);
    for (const body of [
      withFlags(0x1f, extra, text, text, Buffer.alloc(2)),
      withFlags(0x04, Buffer.from([0, 0])),
      withFlags(0x08, text),
    ]) {
      for (const step of [1, 7, 100_000]) expect(await decode('gzip', body, step)).toEqual(expected);
    }
    expect(await decode('gzip', withFlags(0x20))).toBe('corrupt');
    const wrongSum = gzipSync(plain);
    wrongSum[wrongSum.length - 6] = (wrongSum[wrongSum.length - 6] ?? 0) ^ 1;
    expect(await decode('gzip', wrongSum)).toBe('corrupt');
  });
});

describe('the zstd window', () => {
  it('is read from the frame header', () => {
    const frame = (...bytes: number[]) => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...bytes]);
    expect(readWindowSize(frame(0x00, 0x00))).toBe(1024);
    expect(readWindowSize(frame(0x00, (17 << 3) | 1))).toBe(2 ** 27 + 2 ** 24);
    expect(readWindowSize(frame(0x20, 200))).toBe(200);
    expect(readWindowSize(frame(0xa0, 0, 0, 0, 1))).toBe(2 ** 24);
    expect(readWindowSize(Buffer.from('no frame at all'))).toBeUndefined();
    expect(readWindowSize(frame(0xe0, 1))).toBeUndefined();
  });
});
