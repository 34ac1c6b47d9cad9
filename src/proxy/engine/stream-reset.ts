import { constants, type Http2Stream } from 'node:http2';
import type { ExchangeError } from '../../model/exchange.ts';

/** RFC 9113, section 7, from 0 on. */
const names = [
  ...['NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT'],
  ...['STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR'],
  ...['CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED'],
];

/**
 * Resets a stream so that the other side cannot take what it has for the whole message: Node's own `close` ends the stream
 * before it resets it.
 */
export function resetStream(stream: Http2Stream, code: number): void {
  stream.end = () => stream;
  closeStream(stream, code);
}

/**
 * Resets a stream once the frames that have arrived are read. Events come while nghttp2 reads them, and Node (20.20) sends
 * RST_STREAM at once: nghttp2 then goes on with a stream that it has freed, which corrupts memory.
 */
export function closeStream(stream: Http2Stream, code: number): void {
  setImmediate(() => {
    if (!stream.destroyed) stream.close(code);
  });
}

/** `CANCEL` and the like; the number of one that is not known. */
export function nameError(code: number): string {
  return names[code] ?? String(code);
}

/** What the journal says of an upstream's RST_STREAM. */
export function describeReset(code: number): ExchangeError {
  return {
    code: 'upstream-reset',
    message: `the stream was reset (HTTP/2 error ${nameError(code)})`,
  };
}

/** The upstream did not, and will not, look at a stream: it may be sent again (RFC 9113, 8.7). */
export const REFUSED = constants.NGHTTP2_REFUSED_STREAM;

/**
 * Tells whether END_STREAM came. To be asked for as soon as the stream is there: Node emits `end` for a stream that was
 * reset with NO_ERROR too, and only the order of the two tells them apart. What came together with the head of the stream
 * was read before anybody was told of the stream.
 */
export function watchEndOfStream(stream: Http2Stream): () => boolean {
  let hasEnded =
    stream.endAfterHeaders || stream.state.state === constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE;
  const push = stream.push.bind(stream);
  stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null && !stream.closed) hasEnded = true;
    return push(chunk, encoding);
  };
  return () => hasEnded;
}
