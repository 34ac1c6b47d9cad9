import { describe, expect, it } from 'vitest';
import { MessageReader } from '../../../../src/proxy/wire/reader/message-reader.ts';
import { unparsedReasons as R } from '../../../../src/proxy/wire/reader/unparsed-reasons.ts';
import { oneSegment, readMessages, singleBytes } from './read-messages.ts';

const GET = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const TIMEOUT = 'HTTP/1.0 408 Request Timeout\r\nContent-Length: 2\r\n\r\nno';

function typesOf(reader: MessageReader): string[] {
  const types: string[] = [];
  for (let piece = reader.next(); piece !== undefined; piece = reader.next()) types.push(piece.type);
  return types;
}

describe('messages one after the other', () => {
  it('are read each, with the bytes between them', () => {
    const text = `${GET}\r\nPOST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi${GET}`;
    for (const segments of [oneSegment(text), singleBytes(text)]) {
      const { messages, bytes, finish } = readMessages(segments);
      expect(messages.map(({ head, content }) => [head.oddities, content])).toEqual([
        [[], ''],
        [['empty-line-before-request'], 'hi'],
        [[], ''],
      ]);
      expect(bytes).toBe(text);
      expect(finish).toBe('idle');
    }
  });

  it('are opaque from the odd one on, and what comes later as well', () => {
    const reader = new MessageReader('request');
    reader.push(Buffer.from(`${GET}GET / HTTP/3.0\r\n\r\n`));
    reader.push(Buffer.from('more'));
    expect(typesOf(reader)).toEqual(['head', 'end', 'unparsed']);
    expect(reader.isIdle).toBe(false);
    reader.push(Buffer.from(GET));
    expect(reader.next()).toEqual({ type: 'unparsed', bytes: Buffer.from(GET), reason: R.version });
    expect(reader.next()).toBeUndefined();
    expect(reader.finish()).toBe('cut');
  });
});

describe('interim responses and switches', () => {
  it('gives interim heads without an end, all to the same request', () => {
    const reader = new MessageReader('response');
    reader.answering = 'HEAD';
    reader.push(Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n'));
    reader.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'));
    expect(typesOf(reader)).toEqual(['head', 'head', 'head', 'end']);
    expect(reader.isIdle).toBe(true);
  });

  it('stops at a switch of protocols and hands over what follows', () => {
    const reader = new MessageReader('response');
    reader.answering = 'GET';
    reader.push(Buffer.from('HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x00'));
    expect(typesOf(reader)).toEqual(['head']);
    reader.push(Buffer.from('more'));
    expect(reader.next()).toBeUndefined();
    expect(reader.takeRest().toString()).toBe('\x81\x00more');
    expect(reader.finish()).toBe('cut');
  });
});

describe('a response while no request is outstanding', () => {
  it('is unparsed from its first byte on', () => {
    for (const segments of [oneSegment(OK), singleBytes(OK)]) {
      const { messages, unparsed } = readMessages(segments, { answering: [undefined] });
      expect(messages).toEqual([]);
      expect(unparsed).toEqual({ reason: R.responseWithoutRequest, bytes: OK });
    }
  });

  it('is unparsed behind an answer that it does not belong to', () => {
    const { messages, unparsed } = readMessages(oneSegment(`${OK}!`), { answering: ['GET'] });
    expect(messages).toMatchObject([{ content: 'ok', trailers: [] }]);
    expect(unparsed).toEqual({ reason: R.responseWithoutRequest, bytes: '!' });
  });

  it('is read where it is a 408', () => {
    for (const segments of [oneSegment(TIMEOUT), singleBytes(TIMEOUT)]) {
      const { messages, unparsed } = readMessages(segments, { answering: [undefined] });
      expect(messages).toMatchObject([{ head: { status: 408 }, content: 'no', trailers: [] }]);
      expect(unparsed).toBeUndefined();
    }
  });
});

describe('what is kept', () => {
  it('is taken back whole', () => {
    const reader = new MessageReader('request');
    for (const segment of ['GE', 'T / HT', 'TP/1.1\r\nA']) {
      reader.push(Buffer.from(segment));
      expect(reader.next()).toBeUndefined();
    }
    expect(reader.isIdle).toBe(false);
    expect(reader.finish()).toBe('cut');
    reader.push(Buffer.from(': b'));
    expect(reader.takeRest().toString()).toBe('GET / HTTP/1.1\r\nA: b');
    expect(reader.next()).toBeUndefined();
  });

  it.each(['GET / HTTP/1.1\r\nA: ', 'GET /', '\r\n\r\n'])('is at most a head: %j', (start) => {
    const filler = start === '\r\n\r\n' ? '\r\n' : 'a';
    const longest = start.length + filler.length * Math.floor((100 - start.length) / filler.length);
    const whole = start + filler.repeat(200);
    const reader = new MessageReader('request', { maxHeadBytes: 100 });
    let pushed = 0;
    for (const byte of singleBytes(whole)) {
      reader.push(byte);
      pushed++;
      const piece = reader.next();
      if (pushed <= longest) expect(piece).toBeUndefined();
      if (piece === undefined) continue;
      expect(piece).toMatchObject({
        type: 'unparsed',
        bytes: Buffer.from(whole.slice(0, 101)),
        reason: R.headTooLong,
        // What could be read of it: the request line, where that was whole.
        start: start.includes('HTTP/1.1') ? { method: 'GET', target: '/', headers: [] } : undefined,
      });
      break;
    }
    expect(pushed).toBe(101);
    expect(readMessages(oneSegment(whole), { maxHeadBytes: 100 }).unparsed?.reason).toBe(R.headTooLong);
  });

  it('may be a head of just that length', () => {
    const head = (length: number): string => `GET / HTTP/1.1\r\nA: ${'a'.repeat(length - 23)}\r\n\r\n`;
    for (const cut of [oneSegment, singleBytes]) {
      expect(readMessages(cut(head(100)), { maxHeadBytes: 100 }).messages).toHaveLength(1);
      expect(readMessages(cut(head(101)), { maxHeadBytes: 100 }).unparsed?.reason).toBe(R.headTooLong);
    }
  });
});
