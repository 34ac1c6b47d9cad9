import { KeptBody, type KeepingPlace } from '../kept-body.ts';
import type { Collected, CollectedOptions, TakenBody } from '../recogniser.ts';
import { isNotExamined, type NotExamined } from '../examine/not-examined.ts';

/** A body of a request, put together as it passes; let go of where it is not what is looked for. */
export class CollectedBody implements Collected {
  readonly #sign: CollectedOptions['sign'];
  readonly #kept: KeptBody;
  #size = 0;
  #isGone = false;
  #isSigned: boolean;
  /** The end of what came, where the sign may begin. */
  #tail: Buffer = Buffer.alloc(0);

  constructor({ limit, sign }: CollectedOptions, place: KeepingPlace) {
    this.#sign = sign;
    this.#isSigned = sign === undefined;
    this.#kept = new KeptBody({ keep: 'whole', limit }, place);
  }

  readonly write = (chunk: Buffer): void => {
    if (this.#isGone) return;
    this.#look(chunk);
    this.#size += chunk.length;
    if (!this.#isSigned && this.#sign !== undefined && this.#size >= this.#sign.within) this.discard();
    else this.#kept.write(chunk);
  };

  /** Undefined where it was let go of. */
  take(): TakenBody | NotExamined | undefined {
    if (!this.#isSigned) this.discard();
    if (this.#isGone) return undefined;
    const body = this.#kept.take();
    this.#isGone = isNotExamined(body);
    return body;
  }

  discard(): void {
    this.#isGone = true;
    this.#kept.discard();
  }

  #look(chunk: Buffer): void {
    if (this.#isSigned || this.#sign === undefined) return;
    const { text, within } = this.#sign;
    const bytes = Buffer.concat([this.#tail, chunk.subarray(0, Math.max(0, within - this.#size))]);
    this.#isSigned = bytes.includes(text);
    this.#tail = bytes.subarray(Math.max(0, bytes.length - text.length));
  }
}
