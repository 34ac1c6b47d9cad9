import { constants, type Http2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import { resetStream } from './stream-reset.ts';

/** One HTTP/2 stream as a connection: what it reads is counted, and `destroy` resets it. */
export class TunnelEnd extends Duplex {
  readonly #stream: Http2Stream;

  constructor(stream: Http2Stream, onBytes: (count: number) => void) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      onBytes(chunk.length);
      if (!this.push(chunk)) stream.pause();
    });
    stream.pause();
    stream.on('end', () => {
      this.push(null);
    });
    stream.once('close', () => {
      const { rstCode } = stream;
      if (rstCode === constants.NGHTTP2_NO_ERROR) this.destroy();
      else this.destroy(Object.assign(new Error('the stream was reset'), { code: 'ECONNRESET' }));
    });
  }

  /** As that of a TCP connection: a stream of HTTP/2 knows no other end that is none of a message. */
  resetAndDestroy(): void {
    this.destroy(Object.assign(new Error('the tunnel was reset'), { code: 'ECONNRESET' }));
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stream.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stream.end(() => {
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const stream = this.#stream;
    if (!stream.closed && !(this.readableEnded && this.writableFinished))
      resetStream(stream, error === null ? constants.NGHTTP2_CANCEL : constants.NGHTTP2_CONNECT_ERROR);
    done(error);
  }
}
