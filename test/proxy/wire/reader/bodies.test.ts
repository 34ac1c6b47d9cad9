import { describe, expect, it } from 'vitest';
import { MessageReader } from '../../../../src/proxy/wire/reader/message-reader.ts';
import { unparsedReasons as R } from '../../../../src/proxy/wire/reader/unparsed-reasons.ts';
import { oneSegment, readMessages, singleBytes } from './read-messages.ts';

const CHUNKED = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';
const LENGTH_5 = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';

const wholeBodies: readonly (readonly [name: string, body: string, content: string, trailers: string[]])[] = [
  ['chunks', '5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n', 'hello!', []],
  ['no chunk', '0\r\n\r\n', '', []],
  [
    'sizes in both cases and with zeros',
    '000a\r\n0123456789\r\n0A\r\n0123456789\r\n00\r\n\r\n',
    '01234567890123456789',
    [],
  ],
  ['a size of 16 digits', '0000000000000001\r\na\r\n0\r\n\r\n', 'a', []],
  ['extensions', '1;a=b;c="d; e"\r\na\r\n0;f\r\n\r\n', 'a', []],
  ['trailers', '1\r\na\r\n0\r\nX-Sum: 1 \r\nx-sum:2\r\n\r\n', 'a', ['X-Sum', '1', 'x-sum', '2']],
  ['data that looks like framing', '7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n', '\r\n0\r\n\r\n', []],
];

const oddBodies: readonly (readonly [name: string, body: string, reason: string])[] = [
  ['no size', '\r\n', R.oddChunkSize],
  ['a blank before the size', ' 1\r\na\r\n', R.oddChunkSize],
  ['0x', '0x1\r\na\r\n', R.oddChunkSize],
  ['a sign', '+1\r\na\r\n', R.oddChunkSize],
  ['a letter behind the size', '1g\r\na\r\n', R.oddChunkSize],
  ['an underscore', '1_0\r\na\r\n', R.oddChunkSize],
  ['an extension without its semicolon', '1 a\r\na\r\n', R.oddChunkSize],
  ['a CR in an extension', '1;a\rb\r\na\r\n', R.oddChunkSize],
  ['a NUL in an extension', '1;\0\r\na\r\n', R.oddChunkSize],
  ['a bare LF behind the size', '1\na\r\n', R.oddChunkSize],
  ['a bare LF behind an extension', '1;a\na\r\n', R.oddChunkSize],
  ['17 digits', '00000000000000001\r\na\r\n', R.oddChunkSize],
  ['2^53', '20000000000000\r\na', R.oddChunkSize],
  ['an endless size line', `1;${'a'.repeat(16 * 1024)}`, R.chunkLineTooLong],
  ['a long size line', `1;${'a'.repeat(16 * 1024)}\r\na\r\n`, R.chunkLineTooLong],
  ['data without CRLF', '1\r\nab\r\n', R.chunkEnd],
  ['data with a bare LF', '1\r\na\n', R.chunkEnd],
  ['data with a CR alone', '1\r\na\rb', R.chunkEnd],
  ['a bare LF behind a trailer', '0\r\nA: b\n\r\n', R.bareLfInTrailers],
  ['a bare LF for the empty line', '0\r\n\n', R.bareLfInTrailers],
  ['a trailer without a colon', '0\r\nA\r\n\r\n', R.lineWithoutColon],
  ['endless trailers', `0\r\nA: ${'b'.repeat(256 * 1024)}`, R.trailersTooLong],
];

describe('a chunked body', () => {
  it.each(wholeBodies)('%s', (_name, body, content, trailers) => {
    for (const segments of [oneSegment(CHUNKED + body), singleBytes(CHUNKED + body)]) {
      const { messages, bytes, finish } = readMessages(segments);
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatchObject({ content, trailers, endOddities: [] });
      expect(bytes).toBe(CHUNKED + body);
      expect(finish).toBe('idle');
    }
  });

  it.each(oddBodies)('is unparsed from there on: %s', (_name, body, reason) => {
    for (const segments of [oneSegment(CHUNKED + body), singleBytes(CHUNKED + body)]) {
      const { messages, bytes, unparsed, finish } = readMessages(segments);
      expect(messages[0]?.trailers).toBeUndefined();
      expect(unparsed?.reason).toBe(reason);
      expect(bytes).toBe(CHUNKED + body);
      expect(finish).toBe('cut');
    }
  });

  it('has a padded size, which is noted at its end', () => {
    const { messages } = readMessages(oneSegment(`${CHUNKED}1  \r\na\r\n0 ;b\r\n\r\n`));
    expect(messages[0]).toMatchObject({ content: 'a', endOddities: ['blank-after-chunk-size'] });
  });

  it('is one piece for all chunks of a segment, and no copy of a single chunk', () => {
    const reader = new MessageReader('request');
    reader.push(Buffer.from(CHUNKED));
    expect(reader.next()?.type).toBe('head');
    const segment = Buffer.from('1\r\na\r\n2\r\nbc\r\n3\r\nd');
    reader.push(segment);
    expect(reader.next()).toEqual({ type: 'body', bytes: segment, content: Buffer.from('abcd') });
    expect(reader.next()).toBeUndefined();
    const rest = Buffer.from('ef\r\n0\r\n');
    reader.push(rest);
    expect(reader.next()).toEqual({ type: 'body', bytes: Buffer.from('ef\r\n'), content: Buffer.from('ef') });
    expect(reader.next()).toBeUndefined();
    expect(reader.takeRest().toString()).toBe('0\r\n');
  });
});

describe('other bodies', () => {
  it('end with their length', () => {
    const reader = new MessageReader('response');
    reader.answering = 'GET';
    reader.push(Buffer.from(`${LENGTH_5}hel`));
    expect(reader.next()?.type).toBe('head');
    expect(reader.next()).toMatchObject({ type: 'body', content: Buffer.from('hel') });
    expect(reader.next()).toBeUndefined();
    expect(reader.finish()).toBe('cut');
    reader.push(Buffer.from('lo'));
    expect(reader.next()).toMatchObject({ type: 'body', content: Buffer.from('lo') });
    expect(reader.next()).toMatchObject({ type: 'end', bytes: Buffer.alloc(0), trailers: [] });
    expect(reader.isIdle).toBe(true);
    expect(reader.finish()).toBe('idle');
  });

  it('last until the connection closes', () => {
    const { messages, finish } = readMessages(oneSegment('HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'), {
      answering: 'GET',
    });
    expect(messages).toMatchObject([{ content: 'HTTP/1.1 200 OK\r\n\r\n', trailers: undefined }]);
    expect(finish).toBe('end');
  });

  it('are none of HEAD, 204 and 304', () => {
    const text = `${LENGTH_5}HTTP/1.1 204 \r\n\r\nHTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n${LENGTH_5}hello`;
    for (const segments of [oneSegment(text), singleBytes(text)]) {
      const reading = readMessages(segments, { answering: ['HEAD', 'POST', 'GET', 'GET'] });
      expect(reading.messages.map(({ content }) => content)).toEqual(['', '', '', 'hello']);
      expect(reading.messages.every(({ trailers }) => trailers !== undefined)).toBe(true);
      expect(reading.finish).toBe('idle');
    }
  });
});
