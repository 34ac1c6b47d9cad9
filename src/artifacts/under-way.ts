/** Work that goes on beside what started it. What it comes to is stated in the order in which it was begun. */
export class UnderWay {
  #last: Promise<void> = Promise.resolve();
  #count = 0;

  /** Something is not stated yet. */
  get isBusy(): boolean {
    return this.#count > 0;
  }

  /** @param work resolves to what states its result */
  add(work: Promise<() => void>): void {
    this.#count += 1;
    this.#last = state(work, this.#last).finally(() => {
      this.#count -= 1;
    });
  }

  /** Resolves when nothing is left, of what is added meanwhile too. */
  async settled(): Promise<void> {
    for (let last; last !== this.#last;) {
      last = this.#last;
      await last;
    }
  }
}

async function state(work: Promise<() => void>, before: Promise<void>): Promise<void> {
  const [result] = await Promise.allSettled([work, before]);
  try {
    if (result.status === 'fulfilled') result.value();
  } catch {
    // What cannot be recorded is the journal's owner's to tell.
  }
}
