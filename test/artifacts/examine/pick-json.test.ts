import { describe, expect, it } from 'vitest';
import { sourceOfBytes, type ByteSource } from '../../../src/artifacts/examine/byte-source.ts';
import { pickJson } from '../../../src/artifacts/examine/pick-json.ts';
import { createRandom } from '../../helpers/random.ts';

const shape = {
  members: {
    name: 'text',
    count: 'scalar',
    list: { items: { members: { a: 'text' } } },
    each: { each: { members: { dist: { members: { url: 'text' } } } } },
  },
} as const;

const inPieces = (text: string, size: number): ByteSource => {
  const bytes = Buffer.from(text);
  let at = 0;
  return {
    next() {
      if (at >= bytes.length) return undefined;
      const piece = Buffer.from(bytes.subarray(at, at + size));
      at += size;
      return piece;
    },
  };
};
const pick = (text: string, size = Infinity): unknown =>
  size === Infinity
    ? pickJson(sourceOfBytes(Buffer.from(text)), shape)
    : pickJson(inPieces(text, size), shape);

/** What `JSON.parse` gives of the same members. */
function expected(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  const members = (one: unknown): Record<string, unknown> | undefined =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? (one as Record<string, unknown>)
      : undefined;
  const string = (one: unknown): string | undefined => (typeof one === 'string' ? one : undefined);
  const whole = members(value);
  if (whole === undefined) return undefined;
  const { name, count, list, each } = whole;
  const isScalar = typeof count === 'number' || typeof count === 'boolean' || count === null;
  return {
    ...('name' in whole && { name: string(name) }),
    ...('count' in whole && { count: isScalar ? count : undefined }),
    ...('list' in whole && {
      list: Array.isArray(list)
        ? list.map(
            (item) =>
              members(item) && { ...('a' in (item as object) && { a: string((item as { a: unknown }).a) }) },
          )
        : undefined,
    }),
    ...('each' in whole && {
      each:
        members(each) &&
        Object.fromEntries(
          Object.entries(members(each) ?? {}).map(([key, item]) => {
            const inner = members(item);
            const dist = members(inner?.['dist']);
            return [
              key,
              inner && {
                ...('dist' in inner && {
                  dist: dist && { ...('url' in dist && { url: string(dist['url']) }) },
                }),
              },
            ];
          }),
        ),
    }),
  };
}

/** A value in which the wanted names and shapes are frequent. */
function randomValue(random: () => number, depth: number): unknown {
  const choose = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const kind = depth > 4 ? Math.floor(random() * 5) : Math.floor(random() * 8);
  if (kind < 3) return choose(['', 'a"b', 'é\\', '\u0001\n', '😀', '{}[],:', '\\"', '\\\\']);
  if (kind === 3) return choose([0, -1.5e10, true, false, null]);
  if (kind < 6) return Array.from({ length: Math.floor(random() * 3) }, () => randomValue(random, depth + 1));
  const names = ['name', 'count', 'list', 'each', 'dist', 'url', 'a', '__proto__', '1.0"'];
  return Object.fromEntries(
    Array.from({ length: Math.floor(random() * 5) }, () => [choose(names), randomValue(random, depth + 1)]),
  );
}

describe('what is picked of a JSON text', () => {
  it('is what JSON.parse gives, wherever the text is cut into pieces', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = createRandom(seed);
      const text = JSON.stringify(randomValue(random, 0), null, seed % 3);
      const right = expected(text);
      for (const size of [Infinity, 1, 2, 3, 7]) expect(pick(text, size), text).toEqual(right);
    }
  });

  it('is the last of members with one name, by escapes too', () => {
    expect(pick('{"name":"a","n\\u0061me":"b"}')).toEqual({ name: 'b' });
    expect(pick('{"each":{"1":{"dist":{"url":"a"}}},"each":{"2":{}}}')).toEqual({ each: { '2': {} } });
    expect(pick('{"name":"a","name":7}')).toEqual({ name: undefined });
  });

  it.each([
    '',
    '{',
    '{"name":"a"',
    '{"name":"a"}x',
    '[]',
    '"a"',
    '{"name":}',
    '{"name":"\\x"}',
    '\ufeff{}',
    '{"a":1,}',
  ])('is nothing of %j', (text) => {
    expect(pick(text)).toBeUndefined();
  });

  it('does not depend on what is nested how deep in what is passed over', () => {
    const deep = '['.repeat(2_000_000) + ']'.repeat(2_000_000);
    expect(pick(`{"other":${deep},"name":"a"}`, 65_536)).toEqual({ name: 'a' });
    expect(pick(`{"name":${deep},"count":1}`)).toEqual({ name: undefined, count: 1 });
  });

  it('leaves out a text that is longer than any that is wanted', () => {
    expect(pick(JSON.stringify({ name: 'x'.repeat(70_000), count: 2 }), 1000)).toEqual({
      name: undefined,
      count: 2,
    });
  });

  it('is given up for a text with more entries than are kept', () => {
    expect(() => pick(`{"list":[${'{},'.repeat(200_001)}{}]}`)).toThrow('it has more than 200000 entries');
  });
});
