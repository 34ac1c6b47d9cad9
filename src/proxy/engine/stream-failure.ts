import { constants, type ClientHttp2Stream } from 'node:http2';
import type { ExchangeError } from '../../model/exchange.ts';
import { describeUpstreamFailure } from '../upstream/failures.ts';
import type { RelaySessions } from './relay-sessions.ts';
import { describeReset, REFUSED } from './stream-reset.ts';

/** Why a stream has no whole response. */
export interface StreamFailure {
  readonly error: ExchangeError;
  /** What its client is told by RST_STREAM; undefined where the pair of sessions ends as a whole. */
  readonly code: number | undefined;
}

/** Of an upstream stream that is closed before its response was whole. */
export function explainEnd(
  sessions: RelaySessions,
  upstream: ClientHttp2Stream,
  cause: Error | undefined,
): StreamFailure {
  if (sessions.isRefused(upstream)) return refused;
  if (sessions.isUpstreamGone) return { error: sessions.describeUpstreamEnd(cause), code: undefined };
  return { error: describeReset(upstream.rstCode), code: upstream.rstCode };
}

/** Of what Node does not send. */
export function explainError(
  sessions: RelaySessions,
  upstream: ClientHttp2Stream | undefined,
  cause: unknown,
): StreamFailure {
  if (upstream === undefined) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_HTTP2_GOAWAY_SESSION') return refused;
    if (sessions.isUpstreamGone) return { error: sessions.describeUpstreamEnd(undefined), code: undefined };
  }
  return { error: describeUpstreamFailure(cause), code: constants.NGHTTP2_INTERNAL_ERROR };
}

const refused: StreamFailure = { error: describeReset(REFUSED), code: REFUSED };
