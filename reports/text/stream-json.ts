import { escapeInvisible } from './print-json.ts';

/** A list whose items are made one after the other while they are written. */
export class Each {
  readonly items: Iterable<unknown>;

  constructor(items: Iterable<unknown>) {
    this.items = items;
  }
}

/** Makes a list for `streamJson` that is made only while it is written. */
export function each<T>(items: Iterable<T>, make: (item: T, index: number) => unknown): Each {
  return new Each(mapLazily(items, make));
}

/**
 * What `printJson` prints, piece by piece. Lists of kind `Each` may be anywhere within objects.
 */
export function* streamJson(value: object): Generator<string> {
  for (const piece of write(value, '')) yield escapeInvisible(piece);
  yield '\n';
}

function* mapLazily<T>(items: Iterable<T>, make: (item: T, index: number) => unknown): Generator {
  let index = 0;
  for (const item of items) yield make(item, index++);
}

function* write(value: unknown, indent: string): Generator<string> {
  if (value instanceof Each) yield* writeList(value.items, indent, writeWhole);
  else if (Array.isArray(value)) yield* writeList(value, indent, write);
  else if (typeof value === 'object' && value !== null) yield* writeObject(value, indent);
  else yield JSON.stringify(value);
}

function* writeObject(value: object, indent: string): Generator<string> {
  let separator = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${separator}\n${indent}  ${JSON.stringify(name)}: `;
    yield* write(member, `${indent}  `);
    separator = ',';
  }
  yield separator === '{' ? '{}' : `\n${indent}}`;
}

function* writeList(items: Iterable<unknown>, indent: string, writeItem: typeof write): Generator<string> {
  let separator = '[';
  for (const item of items) {
    yield `${separator}\n${indent}  `;
    yield* writeItem(item, `${indent}  `);
    separator = ',';
  }
  yield separator === '[' ? '[]' : `\n${indent}]`;
}

/** An item is small enough to be written at once. No string of JSON has a raw newline in it. */
function* writeWhole(item: unknown, indent: string): Generator<string> {
  yield JSON.stringify(item, null, 2).replaceAll('\n', `\n${indent}`);
}
