import type { BodyWish, ObservedBody } from '../model/observer.ts';
import type { StoredForm } from './clients.ts';
import type { NotExamined } from './examine/not-examined.ts';
import { KeptBody, type KeepingPlace } from './kept-body.ts';
import type { Opening, TakenBody } from './recogniser.ts';

/** Keeps what an `Opening` asks for of both forms of a content-encoded body: which one counts is known at its end. */
export class KeptForms {
  readonly #body: KeptBody;
  /** As it crosses the wire, where that is another form. */
  readonly #encoded: KeptBody | undefined;
  readonly #form: StoredForm | undefined;

  /** @param form that the client stores; files whose names begin with that of the place are made */
  constructor(open: Opening, place: KeepingPlace, form: StoredForm | undefined) {
    this.#form = form;
    this.#body = new KeptBody(open, place);
    this.#encoded =
      form === undefined ? undefined : new KeptBody(open, { ...place, name: `${place.name}-encoded` });
  }

  get wish(): Pick<BodyWish, 'sink' | 'encodedSink'> {
    return {
      sink: this.#body.write,
      ...(this.#encoded === undefined ? {} : { encodedSink: this.#encoded.write }),
    };
  }

  /** That form which the client stores or, where that is not known, the decoded one; else what there is. */
  take({ decoded }: ObservedBody): { body: TakenBody | NotExamined; of: 'wire' | 'decoded' } {
    if (this.#encoded === undefined) return { body: this.#body.take(), of: 'wire' };
    const isWire = this.#form === 'wire' || decoded === undefined;
    const [taken, other] = isWire ? [this.#encoded, this.#body] : [this.#body, this.#encoded];
    other.discard();
    return { body: taken.take(), of: isWire ? 'wire' : 'decoded' };
  }

  /** Goes on with what crosses the wire alone. */
  continueWire(): KeptBody {
    if (this.#encoded === undefined) return this.#body;
    this.#body.discard();
    return this.#encoded;
  }

  discard(): void {
    this.#body.discard();
    this.#encoded?.discard();
  }
}
