import { expect, it } from 'vitest';
import { decodeBytes, encodeBytes, hasRawBytes, showRawBytes } from '../../src/support/raw-bytes.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

it('text is text, whatever is in it', () => {
  for (const text of ['', 'plain', 'naïve', '日本', '🦀', '\ufffd', 'a\nb', '\\xe9']) {
    expect(decodeBytes(Buffer.from(text))).toBe(text);
    expect([hasRawBytes(text), showRawBytes(text)]).toEqual([false, text]);
    expect(encodeBytes(text)).toEqual(Buffer.from(text));
  }
});

it.each([
  ['caf\xe9', String.raw`caf\xe9`],
  ['\xff\xfe', String.raw`\xff\xfe`],
  ['\xe2\x82', String.raw`\xe2\x82`],
  ['\xed\xa0\x80', String.raw`\xed\xa0\x80`],
  ['\xc0\xaf', String.raw`\xc0\xaf`],
  ['\xf0\x9f\xa6\x80\xe9', String.raw`🦀\xe9`],
])('bytes that are no UTF-8 are kept, and shown as what they are: %j', (bytes, shown) => {
  const text = decodeBytes(latin1(bytes));
  expect(hasRawBytes(text)).toBe(true);
  expect(showRawBytes(text)).toBe(shown);
  expect(encodeBytes(text)).toEqual(latin1(bytes));
});

it('no bytes are lost', () => {
  let seed = 1;
  const draw = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  for (let round = 0; round < 2_000; round++) {
    const bytes = Buffer.from(Array.from({ length: draw() % 12 }, () => 0x60 + (draw() % 0xa0)));
    expect(encodeBytes(decodeBytes(bytes))).toEqual(bytes);
  }
});
