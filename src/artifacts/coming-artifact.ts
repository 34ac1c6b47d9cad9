import type { ObservedBody } from '../model/observer.ts';
import type { Process } from '../model/exchange.ts';
import { addOpened } from './add-opened.ts';
import type { StoredForm } from './clients.ts';
import type { Way } from './follow-way.ts';
import type { TakenBody } from './kept-body.ts';
import type { Found } from './recogniser.ts';
import type { Register, Sighting } from './register.ts';
import type { UnderWay } from './under-way.ts';

/** Where artifacts go when all of them has come. */
export interface ArtifactPlace {
  readonly register: Register;
  readonly underWay: UnderWay;
  /** Private to us; bodies are spooled there. */
  readonly directory: string;
}

/** What is to be known of an artifact's body, once it is there. */
export interface Arrived {
  readonly body: ObservedBody;
  readonly process: Process | undefined;
  /** What was kept to be opened, and of which form. */
  readonly kept: { readonly body: TakenBody | undefined; readonly of: 'wire' | 'decoded' } | undefined;
}

/** An artifact whose body is on its way, by one answer or in parts. */
export class ComingArtifact {
  readonly found: Found;
  readonly form: StoredForm | undefined;
  readonly #way: Way;
  readonly #place: ArtifactPlace;

  constructor(
    { found, way, form }: { found: Found; way: Way; form: StoredForm | undefined },
    place: ArtifactPlace,
  ) {
    this.found = found;
    this.form = form;
    this.#way = way;
    this.#place = place;
  }

  get digests(): ReturnType<Register['digestsFor']> {
    const { identity, published = [], digests: own = [] } = this.found;
    return this.#place.register.digestsFor(identity, { urls: this.#way.urls, published, own });
  }

  /** @param exchangeIds of the parts that it came in, where there is more than one */
  arrive({ body, process, kept }: Arrived, exchangeIds = this.#way.exchangeIds): void {
    const { register, underWay } = this.#place;
    const { open, identity } = this.found;
    const sighting = { ...this.#sighting(body, process), exchangeIds };
    if (open === undefined || kept?.body === undefined) {
      register.add(identity, sighting);
      return;
    }
    const opened = { identity, sighting: { ...sighting, insideOf: kept.of }, register };
    const work = addOpened(kept.body, open, opened);
    if (work !== undefined) underWay.add(work);
  }

  /** States that it came in parts which were not put together, where something says what its bytes must be. */
  miss(process: Process | undefined, exchangeIds: readonly string[]): void {
    const body = { size: 0, complete: false, digests: {} };
    this.#place.register.addMissed(this.found.identity, { ...this.#sighting(body, process), exchangeIds });
  }

  #sighting(body: ObservedBody, process: Process | undefined): Sighting {
    const { direction = 'fetched', published = [] } = this.found;
    return { ...this.#way, body, form: this.form, process, published, direction };
  }
}
