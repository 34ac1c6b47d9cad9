/** Finds the lines of things that are asked for in the order in which they stand in a text. */
export class LineFinder {
  readonly #text: string;
  #from = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** Line, from 1, of the next occurrence; of the place reached so far where there is none. */
  next(needle: string): number {
    const at = this.#text.indexOf(needle, this.#from);
    if (at < 0) return this.#line;
    this.#advance(at);
    const line = this.#line;
    this.#advance(at + needle.length);
    return line;
  }

  #advance(to: number): void {
    for (let at = this.#text.indexOf('\n', this.#from); at >= 0 && at < to;) {
      this.#line += 1;
      at = this.#text.indexOf('\n', at + 1);
    }
    this.#from = to;
  }
}
