/** What a message did that the grammar of RFC 9112 does not allow, or tells a recipient only to tolerate, and that all readers frame alike. */
export type Oddity =
  | 'bare-lf'
  | 'folded-line'
  | 'space-before-colon'
  | 'odd-character-in-name'
  | 'control-character'
  | 'same-content-length-twice'
  | 'empty-line-before-request'
  | 'non-ascii-target'
  | 'unknown-minor-version'
  | 'unused-framing'
  | 'blank-after-chunk-size';

const NONE: readonly Oddity[] = Object.freeze([]);

/** Collects the oddities of a message, each once; it allocates nothing where there are none. */
export class OddityList {
  #list: Oddity[] | undefined;

  add(oddity: Oddity): void {
    this.#list ??= [];
    if (!this.#list.includes(oddity)) this.#list.push(oddity);
  }

  get all(): readonly Oddity[] {
    return this.#list ?? NONE;
  }
}
