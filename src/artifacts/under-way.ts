/** Work that goes on beside what started it. */
export class UnderWay {
  readonly #work = new Set<Promise<void>>();

  add(work: Promise<void>): void {
    // What cannot be recorded is the journal's owner's to tell.
    const settled = work.catch(() => undefined);
    this.#work.add(settled);
    void settled.finally(() => this.#work.delete(settled));
  }

  /** Resolves when nothing is left, of what is added meanwhile too. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }
}
