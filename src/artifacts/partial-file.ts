import type { Process } from '../model/exchange.ts';
import type { ObservedBody, RunningDigest } from '../model/observer.ts';
import type { Part } from './byte-range.ts';
import type { ComingArtifact } from './coming-artifact.ts';
import type { KeptBody } from './kept-body.ts';

type Digests = ReadonlyMap<string, RunningDigest>;
type Range = Exclude<Part, string>;

const MAX_EXCHANGES = 100;

export interface Beginning {
  readonly artifact: ComingArtifact;
  readonly validator: string;
  readonly digests: Digests;
  /** Of what crosses the wire. */
  readonly kept: KeptBody | undefined;
}

/**
 * A file that comes in parts, digested as they come: each must begin where the one before it has ended, and be of the same
 * version of the file. What comes otherwise, or twice, may be stored in any way: then nothing is claimed of it.
 */
export class PartialFile {
  readonly artifact: ComingArtifact;
  readonly #begun: Beginning;
  readonly #exchangeIds: string[] = [];
  #total: number | undefined;
  /** Bytes that are digested. */
  #offset = 0;
  #isComing = false;
  /** Nothing is claimed of it any more. */
  isBroken = false;
  /** It has an answer that was a part. */
  isParted = false;
  process: Process | undefined;

  constructor(begun: Beginning) {
    this.#begun = begun;
    this.artifact = begun.artifact;
  }

  get exchangeIds(): readonly string[] {
    return this.#exchangeIds;
  }

  get isWhole(): boolean {
    return !this.isBroken && !this.#isComing && this.#offset === this.#total;
  }

  /** Its first bytes came, by an answer that was to be the whole. */
  begin(size: number, exchangeIds: readonly string[]): void {
    this.#offset = size;
    this.#note(exchangeIds);
  }

  break(exchangeIds: readonly string[] = []): void {
    this.isBroken = true;
    this.#note(exchangeIds);
    this.#begun.kept?.discard();
  }

  /** Where the bytes of the next part go; undefined where it does not follow. */
  next(
    part: Exclude<Part, 'whole'>,
    validator: string,
    exchangeIds: readonly string[],
  ): ((chunk: Buffer) => void) | undefined {
    this.isParted = true;
    this.#note(exchangeIds);
    if (this.isBroken) return undefined;
    if (this.#isComing || validator !== this.#begun.validator || !this.#isNext(part)) {
      this.break();
      return undefined;
    }
    this.#isComing = true;
    return (chunk) => {
      this.#offset += chunk.length;
      for (const digest of this.#begun.digests.values()) digest.update(chunk);
      this.#begun.kept?.write(chunk);
    };
  }

  #note(exchangeIds: readonly string[]): void {
    if (this.#exchangeIds.length < MAX_EXCHANGES) this.#exchangeIds.push(...exchangeIds);
  }

  #isNext(part: Exclude<Part, 'whole'>): boolean {
    if (part === 'odd') return false;
    this.#total ??= part.total;
    return part.start === this.#offset && part.total === this.#total;
  }

  /** The part under way has ended, maybe before all of it had come. */
  ended({ size, complete }: Pick<ObservedBody, 'size' | 'complete'>, { length }: Range): void {
    this.#isComing = false;
    if (size > length || (complete && size < length)) this.break();
  }

  /** To be called once, when it is whole. */
  arrive(): void {
    const digests = Object.fromEntries(
      [...this.#begun.digests].map(([name, digest]) => [name, digest.digest()]),
    );
    const body = { size: this.#offset, complete: true, digests };
    const kept = this.#begun.kept && ({ body: this.#begun.kept.take(), of: 'wire' } as const);
    this.artifact.arrive({ body, process: this.process, kept, exchangeIds: this.#exchangeIds });
  }
}
