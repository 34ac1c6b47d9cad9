import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../src/proxy/forward/decoders.ts';
import { readWindowSize } from '../../src/support/zstd-stage.ts';
import { randomText } from '../helpers/origin/random.ts';

const plain = Buffer.from(randomText(200_000, 'decoders'));
const expected = { size: plain.length, sha256: createHash('sha256').update(plain).digest('hex') };

async function decode(coding: string, body: Buffer, step = 1000) {
  const decoder = createDecoder(coding);
  if (decoder === undefined) return 'unknown';
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

  it.each(['identity', '', 'x-unheard-of', 'gzip, x-unheard-of', 'gzip, gzip, gzip, gzip'])(
    'does not exist for %j',
    async (coding) => {
      expect(await decode(coding, Buffer.from('x'))).toBe('unknown');
    },
  );

  it.each(['gzip', 'deflate', 'br', 'zstd'])(
    'of %s gives nothing for lies and for what is cut short',
    async (coding) => {
      expect(
        await decode(coding, Buffer.from('this is nothing of the kind, only some text')),
      ).toBeUndefined();
      if (coding === 'gzip') expect(await decode(coding, gzipSync(plain).subarray(0, -20))).toBeUndefined();
    },
  );

  it('stops at a bomb', async () => {
    expect(await decode('gzip', gzipSync(Buffer.alloc(200 * 1024 * 1024)), 16_384)).toBeUndefined();
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
