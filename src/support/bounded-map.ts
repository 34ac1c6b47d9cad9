/**
 * A map of so many entries at the most. What was neither set nor asked for the longest time makes room for what is new,
 * so whoever uses it must be able to do without any entry.
 */
export class BoundedMap<Key, Value> {
  readonly #most: number;
  readonly #entries = new Map<Key, Value>();
  #hasForgotten = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** An entry has had to make room: that a key is not there does not say that it never was. */
  get hasForgotten(): boolean {
    return this.#hasForgotten;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined && this.#entries.size > this.#most / 2) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(oldest);
      this.#hasForgotten = true;
    }
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
