import type { ServerOptions, Settings } from 'node:http2';

/**
 * Bytes of a body that may come before they are read. Node counts a byte as read when it is handed to us, so that a slow
 * reader stalls its sender: this is what one stream may hold.
 */
const STREAM_WINDOW = 1024 * 1024;
/** RFC 9113, 6.9.2. With less a peer that widens its window by WINDOW_UPDATE alone, which Node does not tell, would stall. */
const MIN_STREAM_WINDOW = 65_535;
/** Of all streams of a session. Node counts bytes as read on that level as soon as they come. */
export const SESSION_WINDOW = 8 * 1024 * 1024;

/** 2³² − 1 is how Node says that a peer has set no limit. */
const UNLIMITED = 0xffff_ffff;

/** What we bound less tightly than Node does: the two ends have limits of their own. */
export const sessionLimits: ServerOptions & Record<string, unknown> = {
  maxHeaderListPairs: 10_000,
  maxSendHeaderBlockLength: 1024 * 1024,
  /** In MB. What waits is bounded by back-pressure per stream; Node's 10 MB would break off many at once. */
  maxSessionMemory: 1000,
  maxOutstandingPings: 1000,
  maxOutstandingSettings: 1000,
  // Newer versions of Node only: how many streams a client may reset, and fields that come twice.
  streamResetBurst: 100_000,
  streamResetRate: 10_000,
  strictSingleValueFields: false,
};

/** Our settings for an upstream. */
export const upstreamSettings: Settings = { initialWindowSize: STREAM_WINDOW, enablePush: false };

/** The limits of the upstream, as the client's side of the pair is to state them. */
export function mirrorSettings(upstream: Settings): Settings {
  const { initialWindowSize = STREAM_WINDOW, maxConcurrentStreams, maxHeaderListSize } = upstream;
  return {
    initialWindowSize: Math.min(STREAM_WINDOW, Math.max(MIN_STREAM_WINDOW, initialWindowSize)),
    ...limited('maxConcurrentStreams', maxConcurrentStreams),
    ...limited('maxHeaderListSize', maxHeaderListSize),
    ...(upstream.enableConnectProtocol === true ? { enableConnectProtocol: true } : {}),
  };
}

function limited(name: keyof Settings, value: number | undefined): Settings {
  return value === undefined || value >= UNLIMITED ? {} : { [name]: value };
}
