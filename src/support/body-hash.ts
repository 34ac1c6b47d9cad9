import { createHash, hash, type Hash } from 'node:crypto';

/** Digests what passes in pieces. Most bodies are one, which is cheaper to digest at once: kept until there is a second. */
export class BodyHash {
  readonly #algorithm: string;
  #only: Buffer | undefined;
  #hash: Hash | undefined;

  constructor(algorithm: string) {
    this.#algorithm = algorithm;
  }

  update(chunk: Buffer): void {
    if (this.#hash === undefined && this.#only === undefined) {
      this.#only = chunk;
      return;
    }
    this.#hash ??= createHash(this.#algorithm);
    if (this.#only !== undefined) this.#hash.update(this.#only);
    this.#only = undefined;
    this.#hash.update(chunk);
  }

  /** In hex, of what has come until now; more may come. */
  digestSoFar(): string {
    return this.#hash?.copy().digest('hex') ?? hash(this.#algorithm, this.#only ?? '', 'hex');
  }

  /** In hex. To be asked once. */
  digest(): string {
    return this.#hash?.digest('hex') ?? hash(this.#algorithm, this.#only ?? '', 'hex');
  }
}

export type BodyHashes<Algorithm extends string> = ReadonlyMap<Algorithm, BodyHash>;

const none: BodyHashes<never> = new Map<never, BodyHash>();

export function createHashes<Algorithm extends string>(
  algorithms: readonly Algorithm[] = [],
): BodyHashes<Algorithm> {
  if (algorithms.length === 0) return none;
  return new Map(algorithms.map((algorithm) => [algorithm, new BodyHash(algorithm)]));
}

export function updateHashes(hashes: BodyHashes<string>, chunk: Buffer): void {
  if (hashes.size === 0) return;
  for (const one of hashes.values()) one.update(chunk);
}

/** In hex, by algorithm. To be asked once. */
export function readHashes<Algorithm extends string>(
  hashes: BodyHashes<Algorithm>,
): Partial<Record<Algorithm, string>> {
  const digests: Partial<Record<Algorithm, string>> = {};
  for (const [algorithm, one] of hashes) digests[algorithm] = one.digest();
  return digests;
}
