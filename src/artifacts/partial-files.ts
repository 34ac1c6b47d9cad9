import type { Process } from '../model/exchange.ts';
import type { BodyWish, ObservedBody, ObservedEnd } from '../model/observer.ts';
import { BodyHash, createHashes } from '../support/body-hash.ts';
import { validatorOf, type Part } from './byte-range.ts';
import type { ComingArtifact } from './coming-artifact.ts';
import { KeptBody, type KeepingPlace } from './kept-body.ts';
import { PartialFile } from './partial-file.ts';

type Ended = Pick<ObservedEnd, 'process'> & { readonly response: ObservedBody };

/** One answer that is a part, or was to be the whole. */
export interface PartAnswer {
  readonly artifact: ComingArtifact;
  /** What was asked for first, unredacted: parts may come from other places that it leads to. */
  readonly url: string;
  /** Of the redirects that led to it, and its own. */
  readonly exchangeIds: readonly string[];
  readonly header: (name: string) => string | undefined;
}

/** Files that are put together at one time; of more of them it is only said that they came in parts. */
const MAX_COMING = 32;
const MAX_FILES = 1000;

/** Files that were cut short and are resumed, or are fetched in parts from the start. */
export class PartialFiles {
  readonly #placeOf: (name: string) => KeepingPlace;
  /** By URL. */
  readonly #files = new Map<string, PartialFile>();
  #kept = 0;

  /** @param placeOf gives where what must be opened is kept, by a name of its own */
  constructor(placeOf: (name: string) => KeepingPlace) {
    this.#placeOf = placeOf;
  }

  /** An answer that was to be the whole file was cut short: a range may follow. */
  cut({ artifact, url, exchangeIds, header }: PartAnswer, end: Ended, kept: KeptBody | undefined): void {
    const { size, unfinished: digests } = end.response;
    const known = this.#files.get(url);
    if (known !== undefined || digests === undefined || this.#isFull()) {
      // Which of the two a client goes on with is not known.
      known?.break(exchangeIds);
      kept?.discard();
      return;
    }
    const file = new PartialFile({ artifact, validator: validatorOf(header), digests, kept });
    file.begin(size, exchangeIds);
    file.process = end.process;
    this.#files.set(url, file);
  }

  /** A part has been answered. */
  follow(answer: PartAnswer, part: Exclude<Part, 'whole'>): { wish: BodyWish; ended: (end: Ended) => void } {
    const { artifact, url, exchangeIds, header } = answer;
    const file = this.#files.get(url) ?? this.#start(answer, part);
    const write = file.next(part, validatorOf(header), exchangeIds);
    return {
      wish: write === undefined ? {} : artifact.form === undefined ? { sink: write } : { encodedSink: write },
      ended: ({ response, process }) => {
        file.process ??= process;
        if (write === undefined || part === 'odd') return;
        file.ended(response, part);
        if (!file.isWhole) return;
        this.#files.delete(url);
        file.arrive();
      },
    };
  }

  /** All of it came by one answer after all, to the same process: another one may have kept what was cut short. */
  forget(url: string, process: Process | undefined): void {
    const file = this.#files.get(url);
    if (file === undefined || file.isParted || file.process !== process) return;
    file.break();
    this.#files.delete(url);
  }

  /** Those that were cut short, or came in parts, and have not come to the whole, by URL; each is told once. */
  takeMissed(): readonly (readonly [url: string, file: PartialFile])[] {
    const missed = [...this.#files];
    this.#files.clear();
    for (const [, file] of missed) file.break();
    return missed;
  }

  #start({ artifact, url, header }: PartAnswer, part: Exclude<Part, 'whole'>): PartialFile {
    const { open } = artifact.found;
    const isFirst = part !== 'odd' && part.start === 0 && !this.#isFull();
    this.#kept += 1;
    const kept =
      isFirst && open !== undefined ? new KeptBody(open, this.#placeOf(`part-${this.#kept}`)) : undefined;
    const digests = new Map([['sha256', new BodyHash('sha256')], ...createHashes(artifact.digests)]);
    const file = new PartialFile({ artifact, validator: validatorOf(header), digests, kept });
    if (!isFirst) file.break();
    if (this.#files.size < MAX_FILES) this.#files.set(url, file);
    return file;
  }

  #isFull(): boolean {
    const files = [...this.#files.values()];
    return files.length >= MAX_FILES || files.filter(({ isBroken }) => !isBroken).length >= MAX_COMING;
  }
}
