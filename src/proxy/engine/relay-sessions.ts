import type {
  ClientHttp2Stream,
  ClientSessionRequestOptions,
  OutgoingHttpHeaders,
  ServerHttp2Stream,
} from 'node:http2';
import type { ExchangeError } from '../../model/exchange.ts';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import type { HeaderBlock } from './stream-headers.ts';

/** A stream of the client and its twin to the upstream, as their pair of sessions sees them. */
export interface RelayedStream {
  readonly client: ServerHttp2Stream;
  /** Undefined until the request is sent on. */
  readonly upstream: ClientHttp2Stream | undefined;
  readonly request: HeaderBlock;
  /** Sends the request on, when its start is written. */
  start(): void;
  /** Resolves when all that came of the response, and may go on, has left. */
  responseFlushed(): Promise<void>;
  /** The same of the request. */
  requestFlushed(): Promise<void>;
}

/** What a stream is relayed with. */
export interface RelayParts {
  readonly client: ServerHttp2Stream;
  readonly request: HeaderBlock;
  readonly recorder: ExchangeRecorder;
  readonly sessions: RelaySessions;
}

/** What a stream has to do with its pair of sessions. */
export interface RelaySessions {
  /** Opens a stream to the upstream. Throws where its session takes no more. */
  request(fields: OutgoingHttpHeaders, options: ClientSessionRequestOptions): ClientHttp2Stream;
  /** The session ended, and all of its streams with it: nothing is to be reset. */
  readonly isClientGone: boolean;
  readonly isUpstreamGone: boolean;
  /** The upstream said in a GOAWAY that it does not look at this stream. */
  isRefused(stream: ClientHttp2Stream): boolean;
  /** Why the session ended; `error` is what Node says of one of its streams. */
  describeUpstreamEnd(error: Error | undefined): ExchangeError;
  /** Runs `action` when what was recorded is written. */
  afterWritten(action: () => void): void;
  /** Resets both sides at once: the journal has failed. */
  abort(): void;
  /** A CONNECT was accepted. True: its streams are taken, and this relay is only to count. */
  takeTunnel(relay: RelayedStream, bytes: TunnelBytes): boolean;
  /** One of the two streams is closed; the relay is over when both are. */
  noteClosed(relay: RelayedStream): void;
}

/** `bytesIn` is towards the client. */
export interface TunnelBytes {
  bytesIn: number;
  bytesOut: number;
}
