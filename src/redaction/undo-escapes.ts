import type { Range } from './ranges.ts';

/** A text in which some layers of escapes are undone. */
export interface Layer {
  readonly text: string;
  /** What a range of the text was in the original. */
  readonly originOf: (range: Range) => Range;
}

/** `%2525` is one of three layers; few encode more often. */
const MAX_LAYERS = 4;

/** Percent-encoding (bytes become characters of the same code), escapes of JSON and JavaScript, references of XML and HTML. */
const ESCAPE =
  /%[0-9A-Fa-f]{2}|\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|["'\\/bfnrt])|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);/g;

/** The text as it is, then with one layer of escapes after the other undone, as long as there are any. */
export function layersOf(text: string): Layer[] {
  const layers: Layer[] = [{ text, originOf: (range) => range }];
  if (!/[%\\&]/.test(text)) return layers;
  for (let outer = layers[0]; outer !== undefined && layers.length < MAX_LAYERS;) {
    outer = undoLayer(outer);
    if (outer !== undefined) layers.push(outer);
  }
  return layers;
}

/** Undefined where nothing is escaped. */
function undoLayer(outer: Layer): Layer | undefined {
  const ends: number[] = [];
  const removed: number[] = [];
  let text = '';
  let from = 0;
  for (const { 0: escape, index } of outer.text.matchAll(ESCAPE)) {
    text += outer.text.slice(from, index) + unescape(escape);
    from = index + escape.length;
    ends.push(text.length);
    removed.push(from - text.length);
  }
  if (from === 0) return undefined;
  text += outer.text.slice(from);
  const toOuter = (at: number): number => at + (removed[countUpTo(ends, at) - 1] ?? 0);
  return { text, originOf: ([start, end]) => outer.originOf([toOuter(start), toOuter(end)]) };
}

/** How many of the ascending numbers are at most this one. */
function countUpTo(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(escape: string): string {
  if (escape.startsWith('%')) return fromHex(escape.slice(1));
  const inner = escape.slice(1);
  if (escape.startsWith('\\')) return inner.length > 1 ? fromHex(inner.slice(1)) : (LETTERS[inner] ?? inner);
  const name = inner.slice(0, -1);
  if (!name.startsWith('#')) return ENTITIES[name] ?? '';
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

function fromHex(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
