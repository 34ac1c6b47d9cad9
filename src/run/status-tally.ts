import { sortedRecord } from '../support/compare.ts';

/** How often each response status came. */
export class StatusTally {
  readonly #counts = new Map<string, number>();

  add(status: string, count = 1): void {
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + count);
  }

  addAll(counts: Readonly<Record<string, number>>): void {
    for (const [status, count] of Object.entries(counts)) this.add(status, count);
  }

  /** By status. */
  record(): Record<string, number> {
    return sortedRecord(this.#counts);
  }
}
