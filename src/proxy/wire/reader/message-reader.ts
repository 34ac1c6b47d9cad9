import { ChunkedBody } from './chunked-body.ts';
import { HeadReader } from './head-reader.ts';
import { UnreadBytes } from './unread-bytes.ts';
import { unparsedReasons, type UnparsedReason } from './unparsed-reasons.ts';
import type { RequestHead, ResponseHead } from './message-head.ts';
import type { Piece } from './piece.ts';

export type { Piece } from './piece.ts';

export interface ReaderLimits {
  /** The longest head, and the longest trailer section, that is parsed. Default: 256 KiB. */
  readonly maxHeadBytes?: number;
}

const DEFAULT_MAX_HEAD = 256 * 1024;
const EMPTY = Buffer.alloc(0);
const BODILESS_END: Piece = Object.freeze({
  type: 'end',
  bytes: EMPTY,
  trailers: Object.freeze([]),
  oddities: Object.freeze([]),
});

/**
 * Reads the HTTP/1.x messages of one direction of a connection: states what they are and keeps their bytes. It reads on
 * behind a CONNECT or an Upgrade request: the owner takes the rest where the response switches protocols.
 */
export class MessageReader {
  /**
   * For responses: the method of the request that the next head answers; undefined: no request is outstanding. It must
   * be right when `next` meets a head, and stays the same for the heads that follow an interim response. While it is
   * undefined, bytes are `unparsed`, but for the head of a 408, which servers send before they close an idle connection.
   */
  answering: string | undefined;

  readonly #unread = new UnreadBytes();
  readonly #heads: HeadReader;
  readonly #maxHeadBytes: number;
  #state: 'head' | 'length' | 'chunked' | 'until-close' | 'end' | 'switched' | 'opaque' = 'head';
  /** The bytes that are missing of a body with a length. */
  #left = 0;
  #chunked: ChunkedBody | undefined;
  #reason: UnparsedReason | undefined;
  #unparsedStart: RequestHead | ResponseHead | undefined;

  constructor(kind: 'request' | 'response', limits: ReaderLimits = {}) {
    this.#maxHeadBytes = limits.maxHeadBytes ?? DEFAULT_MAX_HEAD;
    this.#heads = new HeadReader(kind, this.#unread, this.#maxHeadBytes);
  }

  /** Between messages, and nothing is kept. */
  get isIdle(): boolean {
    return this.#state === 'head' && this.#unread.isEmpty;
  }

  push(bytes: Buffer): void {
    this.#unread.push(bytes);
  }

  /** The next piece; undefined where more bytes are needed. Bytes of an unfinished head or line are kept until it is whole. */
  next(): Piece | undefined {
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'length':
        return this.#readLength();
      case 'chunked':
        return this.#readChunked();
      case 'until-close':
        return this.#readUntilClose();
      case 'end':
        this.#state = 'head';
        return BODILESS_END;
      case 'switched':
        return undefined;
      case 'opaque':
        return this.#giveUnparsed();
    }
  }

  /**
   * The other side ended; to be called when `next` gives no more. `idle`: between messages, nothing is kept; `end`: a
   * body that lasts until the connection closes is complete; `cut`: within a message, or after the end of HTTP.
   */
  finish(): 'idle' | 'end' | 'cut' {
    if (this.#state === 'until-close' && this.#unread.isEmpty) return 'end';
    return this.isIdle ? 'idle' : 'cut';
  }

  /** All that was pushed and not given out; the reader gives no more pieces of it. */
  takeRest(): Buffer {
    this.#state = 'switched';
    return this.#unread.takeAll();
  }

  #readHead(): Piece | undefined {
    const head = this.#heads.next(this.answering);
    if (head === undefined) return undefined;
    if (typeof head === 'string') {
      this.#unparsedStart = this.#heads.startOfUnparsed();
      return this.#becomeOpaque(head);
    }
    this.#begin(head.head);
    return head;
  }

  #begin(head: RequestHead | ResponseHead): void {
    const { framing } = head;
    switch (framing.kind) {
      case 'none':
        this.#state = head.kind === 'response' && head.isInterim ? 'head' : 'end';
        return;
      case 'length':
        this.#left = framing.length;
        this.#state = framing.length === 0 ? 'end' : 'length';
        return;
      case 'chunked':
        this.#chunked = new ChunkedBody(this.#unread, this.#maxHeadBytes);
        this.#state = 'chunked';
        return;
      case 'until-close':
      case 'switched':
        this.#state = framing.kind;
    }
  }

  #readLength(): Piece | undefined {
    const unread = this.#unread;
    if (unread.at === unread.end && !unread.join()) return undefined;
    const to = Math.min(unread.end, unread.at + this.#left);
    this.#left -= to - unread.at;
    if (this.#left === 0) this.#state = 'end';
    const bytes = unread.take(to);
    return { type: 'body', bytes, content: bytes };
  }

  #readChunked(): Piece | undefined {
    const piece = this.#chunked?.next();
    if (typeof piece === 'string') return this.#becomeOpaque(piece);
    if (piece?.type === 'end') {
      this.#chunked = undefined;
      this.#state = 'head';
    }
    return piece;
  }

  #readUntilClose(): Piece | undefined {
    const unread = this.#unread;
    if (unread.at === unread.end && !unread.join()) return undefined;
    const bytes = unread.take(unread.end);
    return { type: 'body', bytes, content: bytes };
  }

  #becomeOpaque(reason: UnparsedReason): Piece | undefined {
    this.#state = 'opaque';
    this.#reason = reason;
    this.#chunked = undefined;
    return this.#giveUnparsed();
  }

  #giveUnparsed(): Piece | undefined {
    if (this.#unread.isEmpty) return undefined;
    const reason = this.#reason ?? unparsedReasons.notARequest;
    const start = this.#unparsedStart;
    this.#unparsedStart = undefined;
    return { type: 'unparsed', bytes: this.#unread.takeAll(), reason, start };
  }
}
