import { expect, it } from 'vitest';
import { layersOf } from '../../src/redaction/undo-escapes.ts';

it.each([
  ['a%41b', ['aAb']],
  ['%2541', ['%41', 'A']],
  ['%25252541', ['%252541', '%2541', '%41']],
  ['\\u0041\\x42\\n\\"', ['AB\n"']],
  ['\\\\u0041', ['\\u0041', 'A']],
  ['&#65;&#x42;&amp;lt;', ['AB&lt;', 'AB<']],
  ['%5Cu0026#65;', ['\\u0026#65;', '&#65;', 'A']],
  ['100% of a & b', []],
  ['&#99999999;&#x110000;', ['&#99999999;\ufffd']],
])('undoes the escapes of %j layer by layer', (text, layers) => {
  expect(layersOf(text).map((layer) => layer.text)).toEqual([text, ...layers]);
});

it('tells where a piece stood, also where one escape stands for two characters', () => {
  const text = 'x %2541%42 &#128512;yz';
  const [, , inner] = layersOf(text);
  expect(inner?.text).toBe('x AB 😀yz');
  const pieceOf = (range: readonly [number, number]): string =>
    text.slice(...(inner?.originOf(range) ?? [0, 0]));
  expect(pieceOf([2, 4])).toBe('%2541%42');
  expect(pieceOf([2, 3])).toBe('%2541');
  expect(pieceOf([5, 7])).toBe('&#128512;');
  expect(pieceOf([7, 9])).toBe('yz');
});
