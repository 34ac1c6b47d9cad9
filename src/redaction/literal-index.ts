interface Entry<T> {
  readonly literal: string;
  readonly value: T;
}

/** Finds in one pass where any of many literals stands, by their first three characters. */
export class LiteralIndex<T> {
  /** Number of the bucket, from 1 on, for each hash of three characters. */
  readonly #buckets = new Uint16Array(1 << 15);
  readonly #entries: Entry<T>[][] = [[]];

  /** Literals have at least two characters; behind one of two any third may stand. */
  constructor(literals: Iterable<readonly [literal: string, value: T]>) {
    for (const [literal, value] of literals) {
      const thirds =
        literal.length > 2 ? [literal.charCodeAt(2)] : Array.from({ length: 128 }, (_, code) => code);
      for (const third of thirds) {
        const hash = hashOf(literal.charCodeAt(0), literal.charCodeAt(1), third);
        this.#buckets[hash] ||= this.#entries.push([]) - 1;
        this.#entries[this.#buckets[hash] ?? 0]?.push({ literal, value });
      }
    }
  }

  /** Visits each place where a literal begins and at least three characters are left, with all that begin there. */
  scan(text: string, visit: (at: number, value: T) => unknown): void {
    const buckets = this.#buckets;
    let first = text.charCodeAt(0);
    let second = text.charCodeAt(1);
    for (let at = 2; at < text.length; at++) {
      const third = text.charCodeAt(at);
      const bucket = buckets[hashOf(first, second, third)] ?? 0;
      first = second;
      second = third;
      if (bucket === 0) continue;
      for (const { literal, value } of this.#entries[bucket] ?? []) {
        if (text.startsWith(literal, at - 2)) visit(at - 2, value);
      }
    }
  }

  /** Visits each place from which on a literal could go on beyond the end of the text; four characters are left there. */
  scanEnd(text: string, { from, visit }: { from: number; visit: (at: number) => unknown }): void {
    for (let at = from; at + 4 <= text.length; at++) {
      const hash = hashOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));
      const rest = this.#entries[this.#buckets[hash] ?? 0] ?? [];
      if (rest.some(({ literal }) => literal.startsWith(text.slice(at)))) visit(at);
    }
  }
}

function hashOf(first: number, second: number, third: number): number {
  return ((first << 10) ^ (second << 5) ^ third) & 0x7fff;
}
