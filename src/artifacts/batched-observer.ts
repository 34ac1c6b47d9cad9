import type { ExchangeObserver, Observation, ObservedRequest } from '../model/observer.ts';
import { HeldExchange, type Holder } from './held-exchange.ts';

/** Bytes of all responses that are held, decoded and encoded ones. */
const MAX_KEPT = 4 * 1024 * 1024;
const MAX_ENDED = 256;
const MAX_WAIT_MS = 100;

/**
 * Lets an observer look at many exchanges at once. One exchange alone costs it twice as much or more: its code is not
 * in the processor's caches after all else that a proxy does. The observer is told of each exchange in the order of their
 * responses, as if they came one after the other.
 */
export class BatchedObserver implements ExchangeObserver, Holder {
  readonly #observer: ExchangeObserver;
  readonly #recordTogether: (work: () => void) => void;
  #held: HeldExchange[] = [];
  #ended = 0;
  #kept = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param recordTogether writes what a batch records in one piece; may throw */
  constructor(observer: ExchangeObserver, recordTogether: (work: () => void) => void) {
    this.#observer = observer;
    this.#recordTogether = recordTogether;
  }

  observe(request: ObservedRequest): Observation | undefined {
    if (request.method === 'GET' || request.method === 'HEAD') return new HeldExchange(request, this);
    // What is sent is not kept: who wishes for it must know by now all that came before.
    this.#letGo();
    return this.#observer.observe(request);
  }

  async settled(): Promise<void> {
    this.#letGo();
    await this.#observer.settled();
  }

  hold(held: HeldExchange): void {
    this.#held.push(held);
    this.#timer ??= setTimeout(() => {
      this.#letGo();
    }, MAX_WAIT_MS).unref();
  }

  keep(bytes: number): void {
    this.#kept += bytes;
    if (this.#kept > MAX_KEPT) this.#letGo();
  }

  end(): void {
    this.#ended += 1;
    if (this.#ended >= MAX_ENDED) this.#letGo();
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = this.#held;
    this.#held = [];
    this.#ended = 0;
    this.#kept = 0;
    if (held.length === 0) return;
    try {
      this.#recordTogether(() => {
        for (const one of held) letGo(one, this.#observer);
      });
    } catch {
      // As below.
    }
  }
}

function letGo(held: HeldExchange, observer: ExchangeObserver): void {
  try {
    held.letGo(observer);
  } catch {
    // What cannot be recorded is the journal's owner's to tell; there is no exchange any more to fail for it.
  }
}
