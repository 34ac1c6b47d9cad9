/** Keeps bytes behind the lines that speak of them. */
export interface JournalOrder {
  /**
   * Runs `action` when everything that was recorded until now is written: at once where it is, else after the write that
   * ends this turn of the event loop, in the order of the calls. When that write fails `onFailed` is called instead.
   */
  afterWritten(action: () => void, onFailed: () => void): void;
}

/** For a journal that has written each line when `record` returns. */
export const writtenAtOnce: JournalOrder = {
  afterWritten: (action) => {
    action();
  },
};
