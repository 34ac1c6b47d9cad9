import { describe, expect, it } from 'vitest';
import { BoundedMap } from '../../src/support/bounded-map.ts';

describe('a bounded map', () => {
  it('lets go of what was neither set nor asked for the longest time', () => {
    const map = new BoundedMap<string, number>(3);
    for (const [index, key] of ['a', 'b', 'c'].entries()) map.set(key, index);
    expect(map.hasForgotten).toBe(false);
    expect(map.get('a')).toBe(0);
    map.set('b', 7);
    map.set('d', 3);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([0, 7, undefined, 3]);
    expect(map.hasForgotten).toBe(true);
  });

  it('says that nothing was forgotten where it was deleted', () => {
    const map = new BoundedMap<string, true>(2);
    map.set('a', true);
    map.delete('a');
    map.set('b', true);
    map.set('c', true);
    expect([map.has('a'), map.has('b'), map.has('c'), map.hasForgotten]).toEqual([false, true, true, false]);
  });
});
