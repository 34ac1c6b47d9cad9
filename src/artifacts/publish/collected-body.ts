export interface CollectedBodyOptions {
  /** In bytes. */
  readonly limit: number;
  /** What the first `within` bytes must hold for the rest to be worth keeping. */
  readonly sign?: { readonly text: string; readonly within: number };
}

/** A body of a request, put together as it passes; let go of where it is too large, or not what is looked for. */
export class CollectedBody {
  readonly #options: CollectedBodyOptions;
  #chunks: Buffer[] = [];
  #size = 0;
  #isGone = false;
  #isKnown: boolean;

  constructor(options: CollectedBodyOptions) {
    this.#options = options;
    this.#isKnown = options.sign === undefined;
  }

  readonly write = (chunk: Buffer): void => {
    if (this.#isGone) return;
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    const { limit, sign } = this.#options;
    if (this.#size > limit || (sign !== undefined && this.#size >= sign.within && !this.#isSigned())) {
      this.#isGone = true;
      this.#chunks = [];
    }
  };

  /** Empty where it was let go of. */
  take(): Buffer {
    const whole = this.#isSigned() ? Buffer.concat(this.#chunks) : Buffer.alloc(0);
    this.#chunks = [];
    return whole;
  }

  #isSigned(): boolean {
    const { sign } = this.#options;
    if (!this.#isKnown && sign !== undefined) {
      this.#chunks = [Buffer.concat(this.#chunks)];
      this.#isKnown = this.#chunks[0]?.subarray(0, sign.within).includes(sign.text) === true;
    }
    return this.#isKnown;
  }
}
