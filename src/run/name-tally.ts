import type { Names, Process } from '../model/exchange.ts';
import type { DifferingNames } from '../model/run.ts';
import { compareText } from '../support/compare.ts';

const MAX_ITEMS = 1_000;
const MAX_ADDRESSES = 5;

/** What was sent by names that differ, each combination once; beyond 1,000 new ones are not kept. */
export class NameTally {
  readonly #items = new Map<string, DifferingNames>();

  add(item: DifferingNames): void {
    const key = keyOf(item.names);
    const known = this.#items.get(key);
    if (known === undefined && this.#items.size >= MAX_ITEMS) return;
    this.#items.set(key, known === undefined ? item : join(known, item));
  }

  /** Most frequent first, then by names; nothing where there were none. */
  summarise(): { differingNames?: DifferingNames[] } {
    if (this.#items.size === 0) return {};
    const differingNames = [...this.#items]
      .sort(([keyA, a], [keyB, b]) => b.count - a.count || compareText(keyA, keyB))
      .map(([, item]) => ({ ...item, addresses: [...item.addresses].sort(compareText) }));
    return { differingNames };
  }
}

function join(
  known: DifferingNames,
  { addresses, process = known.process, count }: DifferingNames,
): DifferingNames {
  return {
    ...known,
    addresses: [...new Set([...known.addresses, ...addresses])].slice(0, MAX_ADDRESSES),
    ...processOf(known.process ?? process),
    count: known.count + count,
  };
}

export function processOf(process: Process | undefined): { process?: Process } {
  return process === undefined ? {} : { process };
}

function keyOf({ connect, sni, authority, host = [] }: Names): string {
  return [connect, sni, authority, ...host].join('\0');
}
