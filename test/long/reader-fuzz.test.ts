import { expect, it } from 'vitest';
import { describeFigures } from '../fuzz/http1/describe-figures.ts';
import { fuzz } from '../fuzz/http1/fuzz.ts';
import { findMissing, withPeers } from '../fuzz/http1/start-peers.ts';

const seconds = Number(process.env['PROXAUDIT_FUZZ_SECONDS'] ?? 60);
const seed = Number(process.env['PROXAUDIT_FUZZ_SEED'] ?? Date.now() % 2 ** 32);
const names = ['http.client', 'h11', 'go'] as const;
const missing = names.map((name) => findMissing(name)).filter((reason) => reason !== undefined);
const reason = missing.length === 0 ? '' : ` (${missing.join(', ')})`;

it(`the reader of HTTP/1.x frames messages as other readers do, for ${seconds} s${reason}`, async () => {
  const present = names.filter((name) => findMissing(name) === undefined);
  const figures = await withPeers(present, (peers) => {
    const end = performance.now() + seconds * 1000;
    return fuzz(seed, peers, () => performance.now() < end);
  });
  console.log(describeFigures(seed, figures));
  expect(present.length).toBeGreaterThan(0);
  expect(figures.failures).toEqual([]);
});
