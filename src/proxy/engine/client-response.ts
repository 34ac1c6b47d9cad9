import type { ServerHttp2Stream } from 'node:http2';
import { firstOf } from '../exchange/raw-headers.ts';
import { sendFields, withoutDate, type HeaderBlock } from './stream-headers.ts';
import { StreamOutlet } from './stream-outlet.ts';
import { resetStream } from './stream-reset.ts';

/** How long the end of a response may stay behind its last byte before that is delivered without it. */
const END_PATIENCE_MS = 50;

/** What stands for the end of a response until that comes. */
interface Held {
  /** Sends it by itself. */
  release(): void;
  /** Sends it together with the end. */
  end(trailers: HeaderBlock | undefined): void;
}

/**
 * The response as it is sent to the client. The last bytes that Content-Length announces are kept for the end of the
 * stream, which mostly follows at once: for its client they are the end, so that they wait for the journal as the end
 * does, and a client that has them (curl 7) resets the stream, of which Node takes a thousand at once.
 */
export class ClientResponse {
  readonly #stream: ServerHttp2Stream;
  readonly #outlet: StreamOutlet;
  readonly #isHead: boolean;
  readonly #acceptsTrailers: boolean;
  /** Bytes that the head has announced and that are still to come. */
  #left = Infinity;
  #held: Held | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(stream: ServerHttp2Stream, request: HeaderBlock) {
    this.#stream = stream;
    this.#outlet = new StreamOutlet(stream);
    this.#isHead = firstOf(request.raw, ':method') === 'HEAD';
    this.#acceptsTrailers = firstOf(request.raw, 'te') !== undefined;
  }

  /** The client has every byte that Content-Length announced, or will have. */
  get isAllAnnounced(): boolean {
    return this.#left === 0;
  }

  /** Its head is all there is of such a response, and is its end. */
  isHeadAlone(status: number): boolean {
    return this.#isHead || status === 204 || status === 205 || status === 304;
  }

  inform(block: HeaderBlock): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed || stream.headersSent) return;
    sendFields(block, (fields) => {
      stream.additionalHeaders(fields);
    });
  }

  respond(block: HeaderBlock, { isWhole }: { readonly isWhole: boolean }): void {
    const length = firstOf(block.raw, 'content-length');
    this.#left = length === undefined || this.#isHead ? Infinity : Number(length);
    if (isWhole || this.#left !== 0) {
      this.#sendHead(block, isWhole);
      return;
    }
    this.#hold({
      release: () => {
        this.#sendHead(block, false);
      },
      end: (trailers) => {
        this.#sendHead(block, trailers === undefined);
        if (trailers !== undefined) this.#outlet.end(trailers);
      },
    });
  }

  /** False when the caller should wait for the `drain` of the stream. */
  write(chunk: Buffer): boolean {
    this.#left -= chunk.length;
    if (this.#left !== 0) return this.#outlet.write(chunk);
    this.#hold({
      release: () => {
        this.#outlet.write(chunk);
      },
      end: (trailers) => {
        this.#outlet.end(trailers, chunk);
      },
    });
    return true;
  }

  end(trailers: HeaderBlock | undefined): void {
    const held = this.#takeHeld();
    if (held === undefined) this.#outlet.end(trailers);
    else if (!this.#stream.destroyed && !this.#stream.closed) held.end(trailers);
  }

  /** Resolves when all that may be sent before the end has left. */
  flushed(): Promise<void> {
    return this.#outlet.flushed();
  }

  /** Cuts the response, behind what was sent of it. What is held is for a whole one alone. */
  async reset(code: number): Promise<void> {
    this.#takeHeld();
    await this.flushed();
    resetStream(this.#stream, code);
  }

  #sendHead(block: HeaderBlock, endStream: boolean): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    const waitForTrailers = !endStream && this.#mayHaveTrailers(block);
    sendFields(block, (fields) => {
      stream.respond(fields, { ...withoutDate, endStream, waitForTrailers });
    });
  }

  /**
   * Waiting for trailers puts the end of the stream into a frame of its own, behind the last bytes: a body of announced
   * length waits only where somebody speaks of trailers. Others may be dropped (RFC 9110, 6.5.1); the journal has them.
   */
  #mayHaveTrailers({ raw }: HeaderBlock): boolean {
    return this.#acceptsTrailers || this.#left === Infinity || firstOf(raw, 'trailer') !== undefined;
  }

  #hold(held: Held): void {
    this.#held = held;
    this.#patience = setTimeout(() => {
      this.#takeHeld()?.release();
    }, END_PATIENCE_MS);
  }

  #takeHeld(): Held | undefined {
    const held = this.#held;
    this.#held = undefined;
    clearTimeout(this.#patience);
    return held;
  }
}
