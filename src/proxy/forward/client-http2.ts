import {
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from 'node:http2';
import { endToEnd, toHttp2Headers } from './headers.ts';
import { BACKLOG_BYTES, type Client, type RawHeaders, type ResponseHead } from './sides.ts';

/** The client's side of an HTTP/2 stream. */
export class Http2Client implements Client {
  readonly body: Http2ServerRequest;
  readonly #response: Http2ServerResponse;
  readonly #stream: ServerHttp2Stream;

  constructor(request: Http2ServerRequest, response: Http2ServerResponse) {
    this.body = request;
    this.#response = response;
    this.#stream = response.stream;
  }

  trailers(): RawHeaders {
    return this.body.rawTrailers;
  }

  information(status: number, headers: RawHeaders): void {
    if (this.#stream.destroyed || this.#stream.headersSent) return;
    this.#stream.additionalHeaders({ ':status': status, ...toHttp2Headers(endToEnd(headers)) });
  }

  respond({ status, headers }: ResponseHead): void {
    if (this.#stream.destroyed) return;
    this.#stream.respond(
      { ':status': status, ...toHttp2Headers(endToEnd(headers)) },
      { waitForTrailers: true },
    );
  }

  write(chunk: Buffer): boolean {
    if (this.#stream.destroyed) return true;
    this.#stream.write(chunk);
    return this.#stream.writableLength < BACKLOG_BYTES;
  }

  end(trailers: RawHeaders): void {
    if (this.#stream.destroyed) return;
    this.#response.addTrailers(toHttp2Headers(endToEnd(trailers)));
    this.#stream.end();
  }

  reset(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  onDrain(listener: () => void): void {
    this.#stream.on('drain', listener);
  }

  onAbort(listener: () => void): void {
    this.#stream.once('close', () => {
      if (!this.#stream.writableFinished || this.#stream.rstCode !== constants.NGHTTP2_NO_ERROR) listener();
    });
  }
}
