import type { ByteSource } from './byte-source.ts';
import { JsonScanner } from './json-scanner.ts';
import { MAX_ENTRIES, MAX_KEPT_TEXT } from './limits.ts';
import { BeyondLimit } from './not-examined.ts';

/** What is wanted of a value; all else is passed over. */
export type Shape =
  | 'text'
  /** Of as many bytes as a body may have: the content of a file. */
  | 'long-text'
  | 'scalar'
  | MembersShape
  | { readonly each: Shape }
  | { readonly items: Shape };
interface MembersShape {
  readonly members: Readonly<Record<string, Shape>>;
}

/** An object of the members that were wanted and there. */
export type Picked = Readonly<Record<string, unknown>>;

/**
 * Reads of a JSON text only what `shape` names, as `JSON.parse` would give it: of two members of one name the last
 * counts, and a value of another kind than the one that is wanted is undefined. Undefined for what is no JSON object.
 * @throws BeyondLimit for a text with more entries, or more text in them, than are kept
 */
export function pickJson(source: ByteSource, shape: MembersShape): Picked | undefined {
  try {
    const picker = new Picker(source);
    return picker.whole(shape);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class Picker {
  readonly #scanner: JsonScanner;
  #entries = 0;
  #text = 0;

  constructor(source: ByteSource) {
    this.#scanner = new JsonScanner(source);
  }

  whole(shape: MembersShape): Picked | undefined {
    const value = this.#pick(shape);
    this.#scanner.end();
    return value as Picked | undefined;
  }

  #pick(shape: Shape): unknown {
    if (shape === 'text') return this.#count(this.#scanner.text());
    if (shape === 'long-text') return this.#scanner.text(Infinity);
    if (shape === 'scalar') return this.#scanner.scalar();
    if ('items' in shape) {
      const items: unknown[] = [];
      const isArray = this.#scanner.array(() => {
        this.#enter();
        items.push(this.#pick(shape.items));
      });
      if (isArray) return items;
      this.#scanner.skip();
      return undefined;
    }
    return 'each' in shape ? this.#pickEach(shape.each) : this.#pickMembers(shape);
  }

  #pickMembers({ members }: MembersShape): unknown {
    const picked: Record<string, unknown> = {};
    const isObject = this.#scanner.object((name) => {
      const wanted = name !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
      if (name === undefined || wanted === undefined) this.#scanner.skip();
      else picked[name] = this.#pick(wanted);
    });
    if (isObject) return picked;
    this.#scanner.skip();
    return undefined;
  }

  #pickEach(shape: Shape): unknown {
    // Names are others' words: of this object none has a meaning.
    const picked = Object.create(null) as Record<string, unknown>;
    const isObject = this.#scanner.object((name) => {
      this.#enter();
      if (this.#count(name) === undefined) this.#scanner.skip();
      else picked[name ?? ''] = this.#pick(shape);
    });
    if (isObject) return picked;
    this.#scanner.skip();
    return undefined;
  }

  #enter(): void {
    this.#entries += 1;
    if (this.#entries > MAX_ENTRIES) throw new BeyondLimit(`it has more than ${MAX_ENTRIES} entries`);
  }

  #count(text: string | undefined): string | undefined {
    this.#text += text?.length ?? 0;
    if (this.#text > MAX_KEPT_TEXT) throw new BeyondLimit('its names and URLs are too long');
    return text;
  }
}
