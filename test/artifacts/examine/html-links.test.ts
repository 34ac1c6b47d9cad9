import { describe, expect, it } from 'vitest';
import { sourceOfBytes } from '../../../src/artifacts/examine/byte-source.ts';
import { readLinks } from '../../../src/artifacts/examine/html-links.ts';

const page = `<!DOCTYPE html><base target=x><base href='/base/'><base href="/other/"><abbr href="no">
<a href="one">1</a><A
  data-requires="&gt;3" HREF = 'two&amp;x'>2</A><a name=x>none</a><a title="a > b" href="three">é</a>
<a data-href="no" href="four"/><a title='"' href="five">`;

const cut = (text: string, size: number) => {
  const bytes = Buffer.from(text);
  let at = 0;
  return {
    next: () => (at < bytes.length ? Buffer.from(bytes.subarray(at, (at += size))) : undefined),
  };
};

describe('the links of a page', () => {
  it('are those of its anchors, wherever it is cut into pieces', () => {
    const right = { base: '/base/', links: ['one', 'two&amp;x', 'three', 'four', 'five'] };
    expect(readLinks(sourceOfBytes(Buffer.from(page)))).toEqual(right);
    for (const size of [1, 2, 5, 64]) expect(readLinks(cut(page, size))).toEqual(right);
  });

  it('are not hidden by a quote that nothing closes', () => {
    const hidden = `<a title='>${'x'.repeat(20_000)}<a href="seen">`;
    expect(readLinks(cut(hidden, 4096)).links).toEqual(['seen']);
  });

  it.each(['<a ', `<a title="`, `<a ="'`, '<', `<a href="`, '<a >'])(
    'of %j repeated take no time',
    (piece) => {
      const started = performance.now();
      readLinks(cut(piece.repeat(4_000_000 / piece.length), 262_144));
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  it('are given up for a page that has more than are kept', () => {
    expect(() => readLinks(cut('<a href="x">'.repeat(200_001), 65_536))).toThrow(
      'it has more than 200000 links',
    );
  });
});
