import { constants, type Http2Stream } from 'node:http2';

/**
 * Resets a stream so that the other side cannot take what it has for the whole message: Node's own `close` ends the stream
 * first. After NO_ERROR it is the end of it that counts.
 */
export function breakOff(stream: Http2Stream, http2Code: number): void {
  if (http2Code !== constants.NGHTTP2_NO_ERROR) stream.end = () => stream;
  stream.close(http2Code);
}
