import type { ObservedBody } from '../model/observer.ts';
import type { Process } from '../model/exchange.ts';
import { addOpened, refine } from './add-opened.ts';
import type { StoredForm } from './clients.ts';
import { isNotExamined, type NotExamined } from './examine/not-examined.ts';
import { fitBody } from './fitted-body.ts';
import type { Way } from './follow-way.ts';
import type { Found, ReportNotExamined, TakenBody } from './recogniser.ts';
import type { Register, Sighting } from './register.ts';
import type { UnderWay } from './under-way.ts';

/** Where artifacts go when all of them has come. */
export interface ArtifactPlace {
  readonly register: Register;
  /** Bodies that are opened. */
  readonly underWay: UnderWay;
  /** Metadata that is read. */
  readonly reading: UnderWay;
  readonly report: ReportNotExamined;
}

/** An artifact, and how it was asked for. */
export interface FoundOnWay {
  readonly found: Found;
  readonly way: Way;
}

interface Coming extends FoundOnWay {
  readonly form: StoredForm | undefined;
  /** Metadata was being read when it was answered, and may name it: it is stated after that. */
  readonly isAwaited: boolean;
  /** Whether what is known may name it otherwise than it was recognised. */
  readonly isOutdated: () => boolean;
  /** Recognises it by what is known now; undefined where it is no artifact then. */
  readonly lookAgain: () => FoundOnWay | undefined;
}

/** What is to be known of an artifact's body, once it is there. */
export interface Arrived {
  readonly body: ObservedBody;
  readonly process: Process | undefined;
  /** What was kept to be opened, and of which form. */
  readonly kept: { readonly body: TakenBody | NotExamined; readonly of: 'wire' | 'decoded' } | undefined;
  /** Of the parts that it came in, where there is more than one. */
  readonly exchangeIds?: readonly string[];
}

/** What is to be known of one that was not seen as a whole. */
export interface Missed {
  readonly process: Process | undefined;
  /** Of the parts that it came in, where there is more than one. */
  readonly exchangeIds?: readonly string[];
  readonly missed: NonNullable<Sighting['missed']>;
}

/** An artifact whose body is on its way, by one answer or in parts. */
export class ComingArtifact {
  /** As it was recognised when it was answered. */
  readonly found: Found;
  readonly form: StoredForm | undefined;
  readonly #coming: Coming;
  readonly #place: ArtifactPlace;

  constructor(coming: Coming, place: ArtifactPlace) {
    this.found = coming.found;
    this.form = coming.form;
    this.#coming = coming;
    this.#place = place;
  }

  get digests(): ReturnType<Register['digestsFor']> {
    const { identity, published = [], digests: own = [] } = this.found;
    return this.#place.register.digestsFor(identity, { urls: this.#coming.way.urls, published, own });
  }

  /** States it, at once or when the metadata that is read now has been read. */
  arrive(arrived: Arrived): void {
    this.#onceKnown((known) => {
      if (known === this.#coming) {
        this.#state(known, arrived);
        return;
      }
      const { kept } = arrived;
      const body = fitBody(kept?.body, this.found.open, known?.found.open);
      if (known === undefined) return;
      const refitted = kept === undefined || body === undefined ? undefined : { body, of: kept.of };
      this.#state(known, { ...arrived, kept: refitted });
    });
  }

  /** States that it was not seen as a whole, where something says what its bytes must be. */
  miss({ process, exchangeIds = this.#coming.way.exchangeIds, missed }: Missed): void {
    const body = { size: 0, complete: false, digests: {} };
    this.#onceKnown((known) => {
      if (known === undefined) return;
      const sighting = this.#sighting(known, { body, process, exchangeIds });
      this.#place.register.addMissed(known.found.identity, { ...sighting, missed });
    });
  }

  /** Calls `state` with what it is known as, now or when the metadata that it waits for has been read. */
  #onceKnown(state: (known: FoundOnWay | undefined) => void): void {
    const { isAwaited, isOutdated, lookAgain } = this.#coming;
    if (!isOutdated()) state(this.#coming);
    else if (!isAwaited || !this.#place.reading.isBusy) state(lookAgain());
    else
      this.#place.reading.add(
        Promise.resolve(() => {
          state(lookAgain());
        }),
      );
  }

  #state(known: FoundOnWay, arrived: Arrived): void {
    const { register, report, underWay } = this.#place;
    const { open, identity } = known.found;
    const { kept } = arrived;
    // Most that is opened is no artifact, and needs none.
    const sight = (): Sighting => this.#sighting(known, arrived);
    const opened = { identity, sight, register, report };
    if (open === undefined || kept === undefined) {
      refine(undefined, opened);
      return;
    }
    if (isNotExamined(kept.body)) {
      refine(kept.body, opened);
      return;
    }
    const work = addOpened(kept.body, open, opened);
    if (work !== undefined) underWay.add(work);
  }

  #sighting(
    { found, way }: FoundOnWay,
    { body, process, kept, exchangeIds = way.exchangeIds }: Omit<Arrived, 'kept'> & Partial<Arrived>,
  ): Sighting {
    const { direction = 'fetched', published = [] } = found;
    // Spreading would take ten times as long.
    return {
      urls: way.urls,
      exchangeIds,
      body,
      form: this.form,
      process,
      published,
      direction,
      insideOf: kept?.of,
    };
  }
}
