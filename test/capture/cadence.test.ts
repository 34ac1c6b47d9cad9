import { expect, it } from 'vitest';
import { Cadence } from '../../src/capture/cadence.ts';

it('looks soon after the start, then four times a second', () => {
  const cadence = new Cadence(1_000);
  const waits: number[] = [];
  for (let now = 1_000; waits.length < 6;) {
    const wait = cadence.wait(now, 1);
    waits.push(wait);
    cadence.looked((now += wait));
  }
  expect(waits).toEqual([20, 40, 90, 250, 250, 250]);
  expect([cadence.samples, cadence.longestGapMs]).toEqual([6, 250]);
});

it('looks seldom where looking is dear, and late where it was kept from it', () => {
  const cadence = new Cadence(0);
  for (const now of [20, 60, 150]) cadence.looked(now);
  expect(cadence.wait(150, 10)).toBe(640);
  expect(cadence.wait(150, 1_000)).toBe(5_000);
  const late = new Cadence(0);
  expect(late.wait(500, 1)).toBe(0);
});

it('knows the longest time without a look, the last one too', () => {
  const cadence = new Cadence(0);
  cadence.looked(20);
  cadence.looked(400);
  cadence.looked(500);
  expect(cadence.longestGapMs).toBe(380);
  cadence.ended(1_000);
  expect([cadence.longestGapMs, cadence.samples]).toEqual([500, 3]);
});
