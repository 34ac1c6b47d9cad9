import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { endToEnd } from './headers.ts';
import { BACKLOG_BYTES, type Client } from './sides.ts';
import { type RawHeaders, valuesOf } from '../exchange/raw-headers.ts';
import type { ResponseHead } from '../exchange/response-head.ts';

/** The client's side of an HTTP/1 exchange. */
export class Http1Client implements Client {
  readonly body: IncomingMessage;
  readonly #response: ServerResponse;
  #hasWritten = false;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.body = request;
    this.#response = response;
    // What the upstream did not send, we do not add.
    response.sendDate = false;
  }

  isBodyWhole(): boolean {
    return this.body.complete;
  }

  trailers(): RawHeaders {
    return this.body.rawTrailers;
  }

  information(status: number, headers: RawHeaders): void {
    // RFC 9110 15.2: an HTTP/1.0 client knows no interim responses.
    if (this.body.httpVersion === '1.0' || this.#response.headersSent) return;
    const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
    const kept = endToEnd(headers);
    for (let index = 0; index + 1 < kept.length; index += 2)
      lines.push(`${kept[index] ?? ''}: ${kept[index + 1] ?? ''}`);
    this.#response.socket?.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  }

  respond({ status, message, headers }: ResponseHead): void {
    const kept = endToEnd(headers);
    // node:http frames the body again; a trailer can only follow a chunked one.
    if (
      this.body.httpVersion !== '1.0' &&
      valuesOf(kept, 'trailer').length > 0 &&
      valuesOf(kept, 'content-length').length === 0
    ) {
      kept.push('Transfer-Encoding', 'chunked');
    }
    this.#response.writeHead(status, message, kept);
    // A body that is there already goes out with the head; a slow one must not hold it back.
    setImmediate(() => {
      if (!this.#hasWritten && !this.#response.writableEnded) this.#response.flushHeaders();
    });
  }

  write(chunk: Buffer): boolean {
    this.#hasWritten = true;
    this.#response.write(chunk);
    return this.#response.writableLength < BACKLOG_BYTES;
  }

  end(trailers: RawHeaders): void {
    const kept = endToEnd(trailers);
    if (kept.length > 0) {
      const pairs: [string, string][] = [];
      for (let index = 0; index + 1 < kept.length; index += 2)
        pairs.push([kept[index] ?? '', kept[index + 1] ?? '']);
      this.#response.addTrailers(pairs);
    }
    this.#response.end();
  }

  reset(): void {
    this.body.socket.destroy();
  }

  onDrain(listener: () => void): void {
    this.#response.on('drain', listener);
  }

  onClose(listener: () => void): void {
    const { socket } = this.body;
    // Node forgets the request with the end of its answer, and then no event of its own says that the client left.
    socket.once('close', listener);
    this.body.once('end', () => socket.off('close', listener));
  }

  onSideEnd(listener: () => void): void {
    const { socket } = this.body;
    if (socket.readableEnded) {
      listener();
      return;
    }
    socket.once('end', listener);
    this.#response.once('close', () => socket.off('end', listener));
  }

  onAbort(listener: () => void): void {
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) listener();
    });
  }
}
