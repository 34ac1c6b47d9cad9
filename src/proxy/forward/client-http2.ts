import {
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from 'node:http2';
import { breakOff } from './break-off.ts';
import { endToEnd, toHttp2Headers } from './headers.ts';
import { BACKLOG_BYTES, type Client } from './sides.ts';
import { type RawHeaders, firstOf } from '../exchange/raw-headers.ts';
import type { ResponseHead } from '../exchange/response-head.ts';

/** How long the end of a response may stay behind its last byte before that is delivered without it. */
const END_PATIENCE_MS = 50;

/** The client's side of an HTTP/2 stream. */
export class Http2Client implements Client {
  readonly body: Http2ServerRequest;
  readonly #response: Http2ServerResponse;
  readonly #stream: ServerHttp2Stream;
  /** Bytes that the response head has announced and that are still to come. */
  #left = Infinity;
  #held: { readonly chunk: Buffer; readonly flush: NodeJS.Timeout } | undefined;

  constructor(request: Http2ServerRequest, response: Http2ServerResponse) {
    this.body = request;
    this.#response = response;
    this.#stream = response.stream;
  }

  isBodyWhole(): boolean {
    return this.#stream.readableEnded;
  }

  trailers(): RawHeaders {
    return this.body.rawTrailers;
  }

  information(status: number, headers: RawHeaders): void {
    if (this.#stream.destroyed || this.#stream.headersSent) return;
    this.#stream.additionalHeaders({ ':status': status, ...toHttp2Headers(endToEnd(headers)) });
  }

  respond({ status, headers, isWhole = false }: ResponseHead): void {
    if (this.#stream.destroyed) return;
    const length = firstOf(headers, 'content-length');
    this.#left = length === undefined ? Infinity : Number(length);
    this.#stream.respond(
      { ':status': status, ...toHttp2Headers(endToEnd(headers)) },
      { endStream: isWhole || length === '0', waitForTrailers: mayHaveTrailers(headers) },
    );
  }

  write(chunk: Buffer): boolean {
    if (this.#stream.destroyed) return true;
    this.#left -= chunk.length;
    if (this.#left === 0) {
      this.#hold(chunk);
      return true;
    }
    this.#stream.write(chunk);
    return this.#stream.writableLength < BACKLOG_BYTES;
  }

  end(trailers: RawHeaders): void {
    if (this.#stream.destroyed) return;
    this.#response.addTrailers(toHttp2Headers(endToEnd(trailers)));
    this.#stream.end(this.#takeHeld());
  }

  reset(http2Code: number = constants.NGHTTP2_INTERNAL_ERROR): void {
    this.#takeHeld();
    breakOff(this.#stream, http2Code);
  }

  /**
   * Keeps the last announced bytes for the end of the stream, which mostly follows at once: a client that has all bytes
   * before that (curl 7) resets the stream, and Node ends the connection of one that does so a thousand times.
   */
  #hold(chunk: Buffer): void {
    const flush = setTimeout(() => {
      const held = this.#takeHeld();
      if (held !== undefined && !this.#stream.destroyed) this.#stream.write(held);
    }, END_PATIENCE_MS);
    this.#held = { chunk, flush };
  }

  #takeHeld(): Buffer | undefined {
    const held = this.#held;
    this.#held = undefined;
    clearTimeout(held?.flush);
    return held?.chunk;
  }

  onDrain(listener: () => void): void {
    this.#stream.on('drain', listener);
  }

  onClose(listener: () => void): void {
    this.#stream.once('close', listener);
  }

  onSideEnd(): void {
    // A session ends as a whole.
  }

  onAbort(listener: (http2Code?: number) => void): void {
    const { session } = this.#stream;
    this.#stream.once('close', () => {
      const { rstCode, writableFinished } = this.#stream;
      if (writableFinished && rstCode === constants.NGHTTP2_NO_ERROR) return;
      // With the connection all of its streams end, with codes that the client did not send.
      listener(session?.destroyed === false ? rstCode : undefined);
    });
  }
}

/**
 * Waiting for trailers puts the end of the stream into a frame of its own (see `#hold`), so that a body of announced length
 * waits only where trailers are announced too. An intermediary may drop others (RFC 9110, 6.5.1); the journal has them.
 */
function mayHaveTrailers(headers: RawHeaders): boolean {
  return firstOf(headers, 'content-length') === undefined || firstOf(headers, 'trailer') !== undefined;
}
