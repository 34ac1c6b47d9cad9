import type { BodyContent, RequestBody, ResponseBody, Undecoded } from '../../model/exchange.ts';
import type { BodyWish, HashAlgorithm, ObservedBody } from '../../model/observer.ts';
import {
  BodyHash,
  createHashes,
  readHashes,
  updateHashes,
  type BodyHashes,
} from '../../support/body-hash.ts';
import type { BodyContentTap } from './body-contents.ts';
import { createDecoder, type Decoded, type Decoder } from './decoders.ts';

export interface BodyMeterOptions {
  /** Undefined where only the bytes as they come are of interest. */
  readonly contentEncoding?: string | undefined;
  /** `Content-Length`: the upstream may answer on the last byte, before the client's end of message. */
  readonly announcedSize?: string | undefined;
  readonly wish?: BodyWish | undefined;
  /** Where the beginning is kept for the journal. */
  readonly tap?: BodyContentTap | undefined;
}

/** Counts and digests a body as it passes, and hands it to who wishes for it. */
export class BodyMeter {
  size = 0;
  readonly #hash = new BodyHash('sha256');
  readonly #decoder: Decoder | undefined;
  /** Why there is no decoder, where there should be one. */
  readonly #obstacle: Undecoded | undefined;
  readonly #wish: BodyWish;
  readonly #tap: BodyContentTap | undefined;
  readonly #announcedSize: string | undefined;
  #isEnded = false;
  #isDecoded = false;
  readonly #more: BodyHashes<HashAlgorithm>;
  readonly #moreDecoded: BodyHashes<HashAlgorithm>;

  constructor({ contentEncoding, announcedSize, wish = {}, tap }: BodyMeterOptions = {}) {
    this.#announcedSize = announcedSize;
    this.#wish = wish;
    this.#tap = tap;
    const decoder =
      contentEncoding === undefined
        ? undefined
        : createDecoder(contentEncoding, (chunk) => {
            this.#handOn(chunk, this.#moreDecoded);
          });
    this.#decoder = typeof decoder === 'object' ? decoder : undefined;
    this.#obstacle = typeof decoder === 'object' ? undefined : decoder;
    this.#more = createHashes(wish.digests);
    this.#moreDecoded = createHashes(this.#decoder === undefined ? undefined : wish.digests);
  }

  /** False when the decoder aside is behind: the caller waits for `onDrain` before it reads on. */
  update(chunk: Buffer): boolean {
    this.size += chunk.length;
    this.#hash.update(chunk);
    if (this.#decoder !== undefined) {
      updateHashes(this.#more, chunk);
      this.#wish.encodedSink?.(chunk);
      return this.#decoder.write(chunk);
    }
    if (this.#obstacle !== undefined) this.#wish.encodedSink?.(chunk);
    this.#handOn(chunk, this.#more);
    return true;
  }

  onDrain(listener: () => void): void {
    this.#decoder?.onDrain(listener);
  }

  /** All of it has come. */
  get isEnded(): boolean {
    return this.#isEnded || String(this.size) === this.#announcedSize;
  }

  /**
   * The facts of a response body that arrived whole, as far as can be known: `unknown` where it ended with its connection.
   * A promise where a decoder has yet to end.
   */
  finish(complete: true | 'unknown' = true): ResponseBody | Promise<ResponseBody> {
    this.end();
    const outcome = this.#finishDecoding();
    if (!(outcome instanceof Promise)) return this.#whole(outcome, complete);
    return outcome.then((decoded) => this.#whole(decoded, complete));
  }

  #whole(outcome: Decoded | Undecoded | undefined, complete: true | 'unknown'): ResponseBody {
    this.#isDecoded = typeof outcome === 'object';
    return {
      size: this.size,
      complete,
      sha256: this.#hash.digest(),
      ...(outcome === undefined
        ? {}
        : typeof outcome === 'object'
          ? { decoded: outcome }
          : { undecoded: outcome }),
      ...this.#content(),
    };
  }

  /** The facts of a response body that was cut short: no digest, for it is no file. */
  cut(error: string): ResponseBody {
    this.#decoder?.abandon();
    return { size: this.size, complete: false, error, ...this.#content() };
  }

  /** No more comes: it is all there. */
  end(): void {
    this.#isEnded = true;
  }

  /** Resolves when a request body's last decoded bytes were handed on; undefined where they are. */
  settled(): Promise<void> | undefined {
    const outcome = this.#isEnded ? this.#finishDecoding() : undefined;
    if (!(outcome instanceof Promise)) return undefined;
    return outcome.then((decoded) => {
      this.#isDecoded = typeof decoded === 'object';
    });
  }

  /** The facts of a request body; its digest, of what there is of it, only when something was sent. */
  sent(): RequestBody {
    const cut = this.isEnded ? {} : { complete: false as const };
    if (this.size === 0) return { size: 0, ...cut };
    return { size: this.size, ...cut, sha256: this.#hash.digestSoFar(), ...this.#content() };
  }

  /** `facts` with the digests that were wished for. To be asked once. */
  observed({ size, complete, sha256, decoded, undecoded }: ResponseBody): ObservedBody {
    if (complete === false)
      return { size, complete, digests: {}, unfinished: new Map([['sha256', this.#hash], ...this.#more]) };
    return {
      size,
      complete,
      digests: { ...(sha256 === undefined ? {} : { sha256 }), ...readHashes(this.#more) },
      ...(undecoded === undefined ? {} : { undecoded }),
      ...(decoded === undefined
        ? {}
        : {
            decoded: {
              size: decoded.size,
              digests: { sha256: decoded.sha256, ...readHashes(this.#moreDecoded) },
            },
          }),
    };
  }

  /** An empty body stands for itself. */
  #finishDecoding(): Decoded | Undecoded | undefined | Promise<Decoded | Undecoded | undefined> {
    return this.size === 0 ? undefined : (this.#obstacle ?? this.#decoder?.finish());
  }

  #content(): { content?: BodyContent } {
    const isWhole = this.isEnded && (this.#decoder === undefined || this.#isDecoded);
    const content = this.#tap?.take(isWhole);
    return content === undefined ? {} : { content };
  }

  #handOn(chunk: Buffer, hashes: BodyHashes<HashAlgorithm>): void {
    updateHashes(hashes, chunk);
    this.#wish.sink?.(chunk);
    this.#tap?.write(chunk);
  }
}
