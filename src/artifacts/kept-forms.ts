import type { BodyWish, ObservedBody } from '../model/observer.ts';
import type { StoredForm } from './clients.ts';
import { KeptBody, type TakenBody } from './kept-body.ts';
import type { Opening } from './recogniser.ts';

export interface KeptFormsOptions {
  /** Private to us; files whose names begin with `name` are made in it. */
  readonly directory: string;
  readonly name: string;
  readonly form: StoredForm | undefined;
}

/** Keeps what an `Opening` asks for of both forms of a content-encoded body: which one counts is known at its end. */
export class KeptForms {
  readonly #body: KeptBody;
  /** As it crosses the wire, where that is another form. */
  readonly #encoded: KeptBody | undefined;
  readonly #form: StoredForm | undefined;

  constructor(open: Opening, { directory, name, form }: KeptFormsOptions) {
    this.#form = form;
    this.#body = new KeptBody(open, directory, name);
    this.#encoded = form === undefined ? undefined : new KeptBody(open, directory, `${name}-encoded`);
  }

  get wish(): Pick<BodyWish, 'sink' | 'encodedSink'> {
    return {
      sink: this.#body.write,
      ...(this.#encoded === undefined ? {} : { encodedSink: this.#encoded.write }),
    };
  }

  /** That form which the client stores or, where that is not known, the decoded one; else what there is. */
  take({ decoded }: ObservedBody): { body: TakenBody | undefined; of: 'wire' | 'decoded' } {
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
