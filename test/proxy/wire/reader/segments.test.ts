import { describe, expect, it } from 'vitest';
import { cutIntoSegments, generateCase } from '../../../fuzz/http1/generate.ts';
import { Random } from '../../../fuzz/http1/random.ts';
import { MessageReader } from '../../../../src/proxy/wire/reader/message-reader.ts';
import { readMessages, singleBytes } from './read-messages.ts';

/** Parts of a connection: those that are given out whole, and those that are given out as they come. */
const PARTS: readonly (readonly [kind: 'whole' | 'flowing', text: string])[] = [
  ['whole', '\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['whole', '5;a=b\r\n'],
  ['flowing', 'hello\r\n'],
  ['whole', '0001\r\n'],
  ['flowing', '\n\r\n'],
  ['whole', '0\r\nX-Sum: 1\r\nX: 2\r\n\r\n'],
  ['whole', 'PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\n'],
  ['flowing', '\r\n\r\n'],
  ['whole', 'GET / HTTP/1.1\nHost: h\n\n'],
];

describe('segments', () => {
  it('do not change what random messages are, nor a byte of them', () => {
    const random = new Random(12);
    let heads = 0;
    for (let count = 0; count < 3_000; count++) {
      const { kind, methods, bytes } = generateCase(random);
      const options = kind === 'response' ? { answering: methods } : {};
      const whole = readMessages([bytes], options);
      expect(whole.bytes).toBe(bytes.toString('latin1'));
      expect(readMessages(cutIntoSegments(random, bytes), options)).toEqual(whole);
      heads += whole.messages.length;
    }
    expect(heads).toBeGreaterThan(2_000);
  });

  it('are kept only where a head, a size line or a trailer section is not whole', () => {
    const reader = new MessageReader('request');
    let given = 0;
    for (const [kind, text] of PARTS) {
      const start = given;
      for (const [index, byte] of singleBytes(text).entries()) {
        reader.push(byte);
        for (let piece = reader.next(); piece !== undefined; piece = reader.next())
          given += piece.bytes.length;
        const isGiven = kind === 'flowing' || index === text.length - 1;
        expect(given - start, `${index} of ${JSON.stringify(text)}`).toBe(isGiven ? index + 1 : 0);
      }
    }
    expect(reader.isIdle).toBe(true);
  });

  it('of one byte are read in a long head and in long trailers', () => {
    const lines = 'A: b\r\n c\r\n'.repeat(25_000);
    const starts = ['GET / HTTP/1.1\r\n', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n'];
    for (const start of starts) {
      const reading = readMessages(singleBytes(`${start}${lines}\r\n`));
      expect(reading.finish).toBe('idle');
      expect(reading.messages[0]?.trailers).toBeDefined();
    }
  });

  it('that were given out stay as they were while more is read', () => {
    const reader = new MessageReader('request');
    const pieces: Buffer[] = [];
    const text = 'GET / HTTP/1.1\r\nA: b\r\n\r\n'.repeat(100);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 7) {
      reader.push(Buffer.from(bytes.subarray(at, at + 7)));
      for (let piece = reader.next(); piece !== undefined; piece = reader.next()) pieces.push(piece.bytes);
    }
    expect(Buffer.concat(pieces).toString()).toBe(text);
  });
});
