import type { RawHeaders } from '../../exchange/raw-headers.ts';
import type { Oddity } from './oddities.ts';

/** How the end of a message is found (RFC 9112 section 6.3). */
export type Framing =
  /** The message ends with its head. */
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** The body lasts until the connection closes; only responses have that. */
  | { readonly kind: 'until-close' }
  /** A 101, or a 2xx to CONNECT: what follows is no HTTP of this connection. */
  | { readonly kind: 'switched' };

export interface RequestHead {
  readonly kind: 'request';
  readonly method: string;
  /** As it was written. */
  readonly target: string;
  /** `1.0` or `1.1`; `1.2` to `1.9` are read as 1.1 (RFC 9110 section 2.5) and are an oddity. */
  readonly version: string;
  /** Names in the case of the wire, values (latin1) without blanks around them, folded lines joined by one blank. */
  readonly headers: RawHeaders;
  readonly framing: Framing;
  readonly oddities: readonly Oddity[];
}

export interface ResponseHead {
  readonly kind: 'response';
  readonly status: number;
  /** Empty where none was sent. */
  readonly reason: string;
  readonly version: string;
  readonly headers: RawHeaders;
  readonly framing: Framing;
  readonly oddities: readonly Oddity[];
  /** A 1xx other than 101: another head follows it for the same request. */
  readonly isInterim: boolean;
}
