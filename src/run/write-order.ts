interface Waiting {
  /** Of the last line that it waits for. */
  readonly seq: number;
  readonly action: () => void;
  readonly onFailed: () => void;
}

/** What waits for lines of the journal, in the order in which it came. */
export class WriteOrder {
  #waiting: Waiting[] = [];
  #isRunning = false;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** Runs the actions that wait for no line after `seq`. They may add more. */
  run(seq: () => number): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let one = this.#waiting[0]; one !== undefined && one.seq <= seq(); one = this.#waiting[0]) {
      this.#waiting.shift();
      call(one.action);
    }
    this.#isRunning = false;
  }

  /** Tells all that wait that no line will be written any more. */
  fail(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { onFailed } of waiting) call(onFailed);
  }
}

/** A bug of one must not keep the others waiting: it is reported as one that nobody catches. */
function call(action: () => void): void {
  try {
    action();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
