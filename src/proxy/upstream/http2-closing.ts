import { constants, type ClientHttp2Stream } from 'node:http2';
import { StreamReset } from '../forward/stream-reset.ts';
import type { Place } from './http2-sessions.ts';

/** Why a stream ended before its response did: by itself, or with its connection. */
export function whyClosed(stream: ClientHttp2Stream, place: Place, failure?: NodeJS.ErrnoException): Error {
  if (place.isBeyondGoaway(stream.id)) return new StreamReset(constants.NGHTTP2_REFUSED_STREAM);
  const isReset = failure === undefined ? !place.isLost() : failure.code === 'ERR_HTTP2_STREAM_ERROR';
  if (isReset) return new StreamReset(stream.rstCode);
  const message = 'the upstream closed the connection before the response was complete';
  return failure ?? Object.assign(new Error(message), { code: 'ERR_UPSTREAM_CUT' });
}
