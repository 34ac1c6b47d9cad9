import type { RawHeaders } from '../../exchange/raw-headers.ts';
import type { RequestHead, ResponseHead } from './message-head.ts';
import type { Oddity } from './oddities.ts';
import type { UnparsedReason } from './unparsed-reasons.ts';

/** A part of a message, with its bytes as they came: the bytes of all pieces are the bytes of the connection. */
export type Piece = HeadPiece | BodyPiece | EndPiece | UnparsedPiece;

/** A whole head, with its empty line and any empty lines before a request line. */
export interface HeadPiece {
  readonly type: 'head';
  readonly bytes: Buffer;
  readonly head: RequestHead | ResponseHead;
}

export interface BodyPiece {
  readonly type: 'body';
  readonly bytes: Buffer;
  /** The bytes without chunk framing; undefined where they are framing alone. */
  readonly content: Buffer | undefined;
}

/**
 * The end of a message. Of a chunked one, `bytes` are the last-chunk line, the trailers and the empty line; else there
 * are none. It follows each head and body but those of an interim response, of one that switches protocols, and of one
 * that lasts until the connection closes (`finish` ends that).
 */
export interface EndPiece {
  readonly type: 'end';
  readonly bytes: Buffer;
  readonly trailers: RawHeaders;
  /** What chunk lines and trailers did that is odd and framed alike by all readers. */
  readonly oddities: readonly Oddity[];
}

/** From here on this direction is opaque: all bytes that were pushed, and later ones, come as such pieces. */
export interface UnparsedPiece {
  readonly type: 'unparsed';
  readonly bytes: Buffer;
  readonly reason: UnparsedReason;
  /** With the first one: its start line, without any field, where that could be parsed and no body had begun. */
  readonly start: RequestHead | ResponseHead | undefined;
}
