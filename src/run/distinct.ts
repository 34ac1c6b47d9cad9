import type {
  BlindSpotSummary,
  FailureSummary,
  TlsFailureSummary,
  UnverifiedTlsSummary,
} from '../model/run.ts';
import { compareText } from '../support/compare.ts';

const MAX_ITEMS = 1_000;

/** Counts equal things, each kept once; beyond 1,000 new ones are not kept. */
class Distinct<T extends { readonly count: number }> {
  readonly #keyOf: (item: T) => string;
  readonly #items = new Map<string, T>();

  constructor(keyOf: (item: T) => readonly string[]) {
    this.#keyOf = (item) => keyOf(item).join('\0');
  }

  add(item: T): void {
    const key = this.#keyOf(item);
    const known = this.#items.get(key);
    if (known !== undefined) this.#items.set(key, { ...known, count: known.count + item.count });
    else if (this.#items.size < MAX_ITEMS) this.#items.set(key, item);
  }

  /** Most frequent first, then by key. */
  list(): T[] {
    return [...this.#items]
      .sort(([keyA, a], [keyB, b]) => b.count - a.count || compareText(keyA, keyB))
      .map(([, item]) => item);
  }
}

export function distinctFailures(): Distinct<FailureSummary> {
  return new Distinct(({ method, url, code, message }) => [method, url, code, message]);
}

export function distinctTlsFailures(): Distinct<TlsFailureSummary> {
  return new Distinct(({ host, side, cause, advice, process }) => [
    host,
    side,
    cause,
    advice,
    process?.name ?? '',
  ]);
}

export function distinctUnverifiedTls(): Distinct<UnverifiedTlsSummary> {
  return new Distinct(({ host, cause }) => [host, cause]);
}

export function distinctBlindSpots(): Distinct<BlindSpotSummary> {
  return new Distinct(({ kind, subject, advice }) => [kind, subject, advice]);
}
