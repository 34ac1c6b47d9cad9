/** Each of them may take a look at the whole text, which is hostile. */
const MAX_MISSES = 100;

/** Finds the lines of things that are asked for in the order in which they stand in a text. */
export class LineFinder {
  readonly #text: string;
  #from = 0;
  #line = 1;
  /** Where the current line ends. */
  #lineEnd: number;
  #misses = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lineEnd = this.#endFrom(0);
  }

  /** Line, from 1, of the next occurrence; of the place reached so far where there is none. */
  next(needle: string): number {
    const at = this.#misses === MAX_MISSES ? -1 : this.#text.indexOf(needle, this.#from);
    if (at < 0) {
      this.#misses = Math.min(this.#misses + 1, MAX_MISSES);
      return this.#line;
    }
    this.#advance(at);
    const line = this.#line;
    this.#advance(at + needle.length);
    return line;
  }

  #advance(to: number): void {
    while (this.#lineEnd < to) {
      this.#line += 1;
      this.#lineEnd = this.#endFrom(this.#lineEnd + 1);
    }
    this.#from = to;
  }

  #endFrom(from: number): number {
    const at = this.#text.indexOf('\n', from);
    return at < 0 ? Infinity : at;
  }
}
