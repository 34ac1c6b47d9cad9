import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BodyContents } from '../../src/proxy/exchange/body-contents.ts';
import { BodyMeter } from '../../src/proxy/exchange/body-meter.ts';
import type { Redaction } from '../../src/proxy/types.ts';

const seen: { contentType: string | undefined; isCut: boolean }[] = [];
const redaction: Redaction = {
  url: (url) => url,
  headers: () => ({}),
  text: (text) => text,
  body: (bytes, facts) => {
    seen.push(facts);
    return { text: bytes.toString(), encoding: 'utf-8' };
  },
};

async function meter(
  limit: number,
  chunks: readonly Buffer[],
  headers: readonly string[] = [],
  contents = new BodyContents(limit, redaction),
) {
  const encoding = headers[headers.indexOf('content-encoding') + 1];
  const body = new BodyMeter({
    contentEncoding: headers.includes('content-encoding') ? encoding : undefined,
    tap: contents.open(headers),
  });
  for (const chunk of chunks) body.update(chunk);
  return (await body.finish()).content;
}

describe('what is kept of a body', () => {
  it.each<[limit: number, chunks: string[], kept: unknown]>([
    [10, ['hello'], { text: 'hello', encoding: 'utf-8', truncated: false }],
    [5, ['hello'], { text: 'hello', encoding: 'utf-8', truncated: false }],
    [4, ['hello'], { text: 'hell', encoding: 'utf-8', truncated: true }],
    [6, ['hell', 'o wor', 'ld'], { text: 'hello ', encoding: 'utf-8', truncated: true }],
    [5, [], undefined],
    [0, ['hello'], undefined],
  ])('at most %i bytes of %j', async (limit, chunks, kept) => {
    expect(
      await meter(
        limit,
        chunks.map((text) => Buffer.from(text)),
      ),
    ).toEqual(kept);
  });

  it('is what a coding stands for; nothing where that cannot be known', async () => {
    const plain = 'hello world '.repeat(10);
    const kept = { text: plain, encoding: 'utf-8', truncated: false };
    const coded = (coding: string, bytes: Buffer) => meter(1000, [bytes], ['content-encoding', coding]);
    expect(await coded('gzip', gzipSync(plain))).toEqual(kept);
    expect(await coded('gzip, br', brotliCompressSync(gzipSync(plain)))).toEqual(kept);
    expect(await coded('identity', Buffer.from(plain))).toEqual(kept);
    expect(await coded('x-unheard-of', Buffer.from(plain))).toBeUndefined();
    expect(await coded('gzip, gzip, gzip, gzip', Buffer.from(plain))).toBeUndefined();
    expect(await coded('gzip', Buffer.from(plain))).toBeUndefined();
    expect(await coded('gzip', gzipSync(plain.repeat(1000)).subarray(0, -12))).toMatchObject({
      truncated: true,
    });
  });

  it('is redacted knowing its type, and whether it is all', async () => {
    seen.length = 0;
    await meter(5, [Buffer.from('hello world')], ['Content-Type', 'text/plain']);
    const cut = new BodyMeter({ tap: new BodyContents(100, redaction).open([]) });
    cut.update(Buffer.from('hello'));
    expect(cut.cut('upstream-reset').content).toMatchObject({ text: 'hello', truncated: true });
    expect(seen).toEqual([
      { contentType: 'text/plain', isCut: true },
      { contentType: undefined, isCut: true },
    ]);
  });

  it('takes no more memory than all bodies may together, and gives it back', async () => {
    const contents = new BodyContents(64 * 1024 * 1024, redaction);
    const first = contents.open([]);
    first?.write(Buffer.alloc(64 * 1024 * 1024 - 3, 'a'));
    expect(await meter(0, [Buffer.from('hello')], [], contents)).toMatchObject({
      text: 'hel',
      truncated: true,
    });
    first?.take(true);
    expect(await meter(0, [Buffer.from('hello')], [], contents)).toMatchObject({
      text: 'hello',
      truncated: false,
    });
  });
});
