import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Names } from '../../model/exchange.ts';
import type { Destination, UpstreamProxy } from '../types.ts';
import type { RawHeaders } from '../exchange/raw-headers.ts';
import type { ResponseHead } from '../exchange/response-head.ts';
import type { DialTimings } from '../upstream/connect-tcp.ts';
import type { Target } from '../upstream/dial.ts';

/**
 * Bytes that may wait for a slower side before the faster one is paused. Node's own mark of 16 KB is one TLS record:
 * it would make the two sides take turns.
 */
export const BACKLOG_BYTES = 256 * 1024;

/** A request as its client made it, ready to be sent on. */
export interface OutgoingRequest {
  readonly method: string;
  /** Origin form, or `*`. */
  readonly path: string;
  readonly headers: RawHeaders;
  readonly httpVersion: string;
  readonly destination: Destination;
  /** By which it is sent, where they differ. */
  readonly names?: Names | undefined;
  readonly target: Target;
  readonly hasBody: boolean;
  /** The HTTP proxy that gets the request itself, in absolute form. */
  readonly forwardedTo?: UpstreamProxy;
  /** Upstream connections are shared among requests with the same value. */
  readonly pinnedTo: string | undefined;
}

/** What an upstream tells. After `response` comes exactly one of `end` and `error`; before it only `error` or `switched` may. */
export interface UpstreamEvents {
  /** The request is on a connection to `address`; timings where it was dialled for this request. */
  readonly connected: (timings: DialTimings | undefined, address: string | undefined) => void;
  readonly information: (status: number, headers: RawHeaders) => void;
  readonly response: (head: ResponseHead) => void;
  readonly data: (chunk: Buffer) => void;
  /** More request body may be written. */
  readonly drain: () => void;
  readonly end: (trailers: RawHeaders) => void;
  /** The connection is closed: what is left of the request has nowhere to go. HTTP/1 only. */
  readonly closed: () => void;
  /** After `end`: HTTP/2 says that nobody reads what is left of the request. */
  readonly stopped: () => void;
  /** After a 101 the connection speaks another protocol and the exchange is over. */
  readonly switched: () => void;
  readonly error: (error: Error) => void;
}

/** The half that speaks to the upstream. */
export interface Upstream {
  /** False when the caller should wait for `drain`. */
  write(chunk: Buffer): boolean;
  end(trailers: RawHeaders): void;
  pause(): void;
  resume(): void;
  /** Gives up the exchange, for a reason that HTTP/2 can tell; no event follows. */
  abort(http2Code?: number): void;
  /** Gives it up when all that was written is sent, of a request that has been ended; no event follows. */
  abortWhenSent(http2Code?: number): void;
  /** Once the request is sent, ends our side of the connection, as its client did. Nothing in HTTP/2. */
  endSide(): void;
}

/** The half that speaks to the client. */
export interface Client {
  readonly body: IncomingMessage | Http2ServerRequest;
  /** Whether `body`, which has ended, did so as the client wanted: Node ends that of a stream that was reset too. */
  isBodyWhole(): boolean;
  /** Trailers of the request; complete once `body` has ended. */
  trailers(): RawHeaders;
  information(status: number, headers: RawHeaders): void;
  respond(head: ResponseHead): void;
  /** False when the caller should wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  end(trailers: RawHeaders): void;
  /** Cuts the response so that the client cannot take it for complete; HTTP/2 can say why. */
  reset(http2Code?: number): void;
  onDrain(listener: () => void): void;
  /** The client went away before the response was complete; HTTP/2 may say why. */
  onAbort(listener: (http2Code?: number) => void): void;
  /** The client's connection, or its stream, is closed. Told until the request has been read. */
  onClose(listener: () => void): void;
  /** The client has ended its side of the connection, and may still read. Never told in HTTP/2 and over TLS. */
  onSideEnd(listener: () => void): void;
}
