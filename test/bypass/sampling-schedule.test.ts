import { expect, it } from 'vitest';
import { SamplingSchedule } from '../../src/bypass/sampling-schedule.ts';

it('looks soon after the start, then four times a second', () => {
  const schedule = new SamplingSchedule(1_000);
  const waits: number[] = [];
  for (let now = 1_000; waits.length < 6;) {
    const wait = schedule.wait(now, 1);
    waits.push(wait);
    schedule.looked((now += wait));
  }
  expect(waits).toEqual([20, 40, 90, 250, 250, 250]);
  expect([schedule.samples, schedule.longestGapMs]).toEqual([6, 250]);
});

it('looks seldom where looking is dear, and late where it was kept from it', () => {
  const schedule = new SamplingSchedule(0);
  for (const now of [20, 60, 150]) schedule.looked(now);
  expect(schedule.wait(150, 10)).toBe(640);
  expect(schedule.wait(150, 1_000)).toBe(5_000);
  const dear = new SamplingSchedule(0);
  dear.looked(20);
  expect(dear.wait(22, 2)).toBe(38);
  expect(dear.wait(45, 25)).toBe(250);
  const late = new SamplingSchedule(0);
  expect(late.wait(500, 1)).toBe(10);
});

it('knows the longest time without a look, the last one too', () => {
  const schedule = new SamplingSchedule(0);
  schedule.looked(20);
  schedule.looked(400);
  schedule.looked(500);
  expect(schedule.longestGapMs).toBe(380);
  schedule.ended(1_000);
  expect([schedule.longestGapMs, schedule.samples]).toEqual([500, 3]);
});
