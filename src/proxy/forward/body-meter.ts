import { createHash, hash, type Hash } from 'node:crypto';
import type { Digests } from '../../model/artifact.ts';
import type { RequestBody, ResponseBody } from '../../model/exchange.ts';
import type { BodyWish, HashAlgorithm, ObservedBody } from '../../model/observer.ts';
import { createDecoder, type Decoder } from './decoders.ts';

/** Counts and digests a body as it passes, and hands it to who wishes for it; keeps none of it. */
export class BodyMeter {
  size = 0;
  /** Most bodies are one chunk, which is cheaper to digest at once: kept until there is a second one. */
  #only: Buffer | undefined;
  #hash: Hash | undefined;
  readonly #decoder: Decoder | undefined;
  readonly #wish: BodyWish;
  readonly #more: ReadonlyMap<HashAlgorithm, Hash>;
  readonly #moreDecoded: ReadonlyMap<HashAlgorithm, Hash>;

  /** @param contentEncoding undefined where only the bytes as they come are of interest */
  constructor(contentEncoding?: string, wish: BodyWish = {}) {
    this.#wish = wish;
    const decoder =
      contentEncoding === undefined
        ? undefined
        : createDecoder(contentEncoding, (chunk) => {
            this.#handOn(chunk, this.#moreDecoded);
          });
    this.#decoder = decoder;
    this.#more = createHashes(wish.digests);
    this.#moreDecoded = createHashes(decoder === undefined ? undefined : wish.digests);
  }

  /** False when the decoder aside is behind: the caller waits for `onDrain` before it reads on. */
  update(chunk: Buffer): boolean {
    this.size += chunk.length;
    this.#digest(chunk);
    if (this.#decoder !== undefined) {
      for (const more of this.#more.values()) more.update(chunk);
      return this.#decoder.write(chunk);
    }
    this.#handOn(chunk, this.#more);
    return true;
  }

  onDrain(listener: () => void): void {
    this.#decoder?.onDrain(listener);
  }

  /** The facts of a response body that arrived whole. */
  async finish(): Promise<ResponseBody> {
    const decoded = this.size === 0 ? undefined : await this.#decoder?.finish();
    return {
      size: this.size,
      complete: true,
      sha256: this.#sha256(),
      ...(decoded === undefined ? {} : { decoded }),
    };
  }

  /** The facts of a response body that was cut short: no digest, for it is no file. */
  cut(error: string): ResponseBody {
    this.#decoder?.abandon();
    return { size: this.size, complete: false, error };
  }

  /** Resolves when a request body's last decoded bytes were handed on. */
  async settle(): Promise<void> {
    if (this.size > 0) await this.#decoder?.finish();
  }

  /** The facts of a request body; its digest only when something was sent. */
  sent(): RequestBody {
    return this.size === 0 ? { size: 0 } : { size: this.size, sha256: this.#sha256() };
  }

  /** `facts` with the digests that were wished for. To be asked once. */
  observed({ size, complete, sha256, decoded }: ResponseBody): ObservedBody {
    return {
      size,
      complete,
      digests: { ...(sha256 === undefined ? {} : { sha256 }), ...readHashes(this.#more) },
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

  #handOn(chunk: Buffer, hashes: ReadonlyMap<HashAlgorithm, Hash>): void {
    for (const more of hashes.values()) more.update(chunk);
    this.#wish.sink?.(chunk);
  }

  #digest(chunk: Buffer): void {
    if (this.#hash === undefined && this.#only === undefined) {
      this.#only = chunk;
      return;
    }
    this.#hash ??= createHash('sha256');
    if (this.#only !== undefined) this.#hash.update(this.#only);
    this.#only = undefined;
    this.#hash.update(chunk);
  }

  #sha256(): string {
    return this.#hash?.digest('hex') ?? hash('sha256', this.#only ?? '', 'hex');
  }
}

function createHashes(algorithms: readonly HashAlgorithm[] = []): ReadonlyMap<HashAlgorithm, Hash> {
  return new Map(algorithms.map((algorithm) => [algorithm, createHash(algorithm)]));
}

function readHashes(hashes: ReadonlyMap<HashAlgorithm, Hash>): Digests {
  return Object.fromEntries([...hashes].map(([algorithm, value]) => [algorithm, value.digest('hex')]));
}
