/** Finds in one pass where any of many literals stands, by their first two characters. */
export class LiteralIndex<T> {
  /** Number of the bucket, from 1 on, for each pair of characters (their low seven bits). */
  readonly #buckets = new Uint16Array(1 << 14);
  readonly #entries: { readonly literal: string; readonly value: T }[][] = [[]];

  /** Literals have at least two characters. */
  constructor(literals: Iterable<readonly [literal: string, value: T]>) {
    for (const [literal, value] of literals) {
      const pair = pairOf(literal.charCodeAt(0), literal.charCodeAt(1));
      this.#buckets[pair] ||= this.#entries.push([]) - 1;
      this.#entries[this.#buckets[pair] ?? 0]?.push({ literal, value });
    }
  }

  get isEmpty(): boolean {
    return this.#entries.length === 1;
  }

  /** Visits each place where a literal begins, with all that begin there. */
  scan(text: string, visit: (at: number, value: T) => unknown): void {
    this.#visitPairs(text, 0, (at, literal, value) => {
      if (text.startsWith(literal, at)) visit(at, value);
    });
  }

  /** Visits each place from which on a literal could go on beyond the end of the text. */
  scanEnd(text: string, { from, visit }: { from: number; visit: (at: number, value: T) => unknown }): void {
    this.#visitPairs(text, from, (at, literal, value) => {
      if (literal.startsWith(text.slice(at))) visit(at, value);
    });
  }

  #visitPairs(text: string, from: number, visit: (at: number, literal: string, value: T) => void): void {
    const buckets = this.#buckets;
    let first = text.charCodeAt(from);
    for (let at = from + 1; at < text.length; at++) {
      const second = text.charCodeAt(at);
      const bucket = buckets[pairOf(first, second)] ?? 0;
      first = second;
      if (bucket === 0) continue;
      for (const { literal, value } of this.#entries[bucket] ?? []) visit(at - 1, literal, value);
    }
  }
}

function pairOf(first: number, second: number): number {
  return ((first & 0x7f) << 7) | (second & 0x7f);
}
