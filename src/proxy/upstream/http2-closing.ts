import { constants, type ClientHttp2Stream } from 'node:http2';
import type { OutgoingRequest } from '../forward/sides.ts';
import { StreamReset } from '../forward/stream-reset.ts';
import type { Place } from './http2-sessions.ts';
import { isDisconnect, isRepeatable } from './repeatable.ts';

/** A stream that is closed before its response began or was whole. */
export interface Closing {
  readonly stream: ClientHttp2Stream;
  readonly place: Place;
  readonly failure: NodeJS.ErrnoException | undefined;
}

/** The upstream says that it did not process the request; or its connection was stale, and repeating changes nothing. */
export function mayStartAgain(outgoing: OutgoingRequest, { stream, place, failure }: Closing): boolean {
  if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || place.isBeyondGoaway(stream.id)) return true;
  const isStale = place.isReused && place.isLost() && (failure === undefined || isDisconnect(failure));
  return isStale && isRepeatable(outgoing);
}

/** Why a stream ended before its response did: by itself, or with its connection. */
export function whyClosed({ stream, place, failure }: Closing): Error {
  if (place.isBeyondGoaway(stream.id)) return new StreamReset(constants.NGHTTP2_REFUSED_STREAM);
  const isReset = failure === undefined ? !place.isLost() : failure.code === 'ERR_HTTP2_STREAM_ERROR';
  if (isReset) return new StreamReset(stream.rstCode);
  const message = 'the upstream closed the connection before the response was complete';
  return failure ?? Object.assign(new Error(message), { code: 'ERR_UPSTREAM_CUT' });
}
