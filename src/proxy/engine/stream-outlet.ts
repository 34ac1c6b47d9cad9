import type { Http2Stream } from 'node:http2';
import { sendFields, type HeaderBlock } from './stream-headers.ts';

/**
 * Bytes that may wait for a slower side before the faster one is paused. Node's own mark of 16 KB is one TLS record: it
 * would make the two sides take turns.
 */
const BACKLOG_BYTES = 256 * 1024;

type ClosableStream = Http2Stream & {
  end(chunk?: Buffer): unknown;
};

/** What is written to one stream: its body, its trailers, and when all of that has left. */
export class StreamOutlet {
  readonly #stream: ClosableStream;
  #unsent = 0;
  #trailers: HeaderBlock | undefined;
  #waiting: (() => void)[] = [];

  constructor(stream: ClosableStream) {
    this.#stream = stream;
    // Node's compatibility layer would send its own.
    stream.removeAllListeners('wantTrailers');
    stream.on('wantTrailers', () => {
      this.#sendTrailers();
    });
    stream.once('close', () => {
      this.#unsent = 0;
      this.#release();
    });
  }

  /** False when the caller should wait for `drain`. */
  write(chunk: Buffer): boolean {
    const stream = this.#stream;
    if (stream.closed || stream.destroyed) return true;
    this.#unsent += 1;
    stream.write(chunk, () => {
      this.#unsent -= 1;
      if (this.#unsent === 0) this.#release();
    });
    return stream.writableLength < BACKLOG_BYTES;
  }

  /** @param trailers pass on where the head was sent with `waitForTrailers` */
  end(trailers: HeaderBlock | undefined, chunk?: Buffer): void {
    this.#trailers = trailers;
    if (!this.#stream.destroyed) this.#stream.end(chunk);
  }

  /** Resolves when all that was written has left, or never will. */
  flushed(): Promise<void> {
    if (this.#unsent <= 0 || this.#stream.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #sendTrailers(): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    if (this.#trailers === undefined) stream.sendTrailers({});
    else
      sendFields(this.#trailers, (fields) => {
        stream.sendTrailers(fields);
      });
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
