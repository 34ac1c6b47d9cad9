import { createHash, hash, type Hash } from 'node:crypto';
import type { RequestBody, ResponseBody } from '../../model/exchange.ts';
import { createDecoder, type Decoder } from './decoders.ts';

/** Counts and digests a body as it passes; keeps none of it. */
export class BodyMeter {
  size = 0;
  /** Most bodies are one chunk, which is cheaper to digest at once: kept until there is a second one. */
  #only: Buffer | undefined;
  #hash: Hash | undefined;
  readonly #decoder: Decoder | undefined;

  constructor(contentEncoding?: string) {
    this.#decoder = contentEncoding === undefined ? undefined : createDecoder(contentEncoding);
  }

  /** False when the decoder aside is behind: the caller waits for `onDrain` before it reads on. */
  update(chunk: Buffer): boolean {
    this.size += chunk.length;
    this.#digest(chunk);
    return this.#decoder?.write(chunk) ?? true;
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

  /** The facts of a request body; its digest only when something was sent. */
  sent(): RequestBody {
    return this.size === 0 ? { size: 0 } : { size: this.size, sha256: this.#sha256() };
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
