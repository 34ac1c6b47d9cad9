import { expect, it } from 'vitest';
import { createFold } from '../../src/run/fold.ts';
import type { RecordedEvent } from '../../src/run/recorded-event.ts';

const refusal = (kind: 'refused' | 'other-user', subject: string, count?: number): RecordedEvent => ({
  ...{ v: 1, seq: 2, at: '2026-01-01T00:00:00.000Z', prev: '0'.repeat(64) },
  ...{ type: 'blind-spot', kind, subject, advice: '', ...(count === undefined ? {} : { count }) },
});

it('what was refused is counted, and leaves the run incomplete where it may have been its own', () => {
  const fold = createFold();
  fold.add(refusal('other-user', 'a stranger', 3));
  expect(fold.conclude({ kind: 'code', code: 0 }).completeness).toMatchObject({ verdict: 'proxied-only' });
  fold.add(refusal('refused', 'too many'));
  fold.add(refusal('refused', 'too many', 1_499));
  const { verdict, reasons } = fold.conclude({ kind: 'code', code: 0 }).completeness;
  expect(verdict).toBe('incomplete');
  expect(reasons).toContain('3 connections refused: a stranger');
  expect(reasons).toContain('1,500 connections refused: too many');
});
