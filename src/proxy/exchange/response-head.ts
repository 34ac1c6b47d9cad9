import type { RawHeaders } from './raw-headers.ts';

export interface ResponseHead {
  readonly status: number;
  readonly message: string;
  readonly headers: RawHeaders;
  readonly httpVersion: string;
  /** What is odd in it, and yet read by everybody in one way. */
  readonly oddities?: readonly string[];
  /** The head is all there is, and ends the stream: gRPC reads such a one as trailers. HTTP/2 only. */
  readonly isWhole?: boolean;
}
