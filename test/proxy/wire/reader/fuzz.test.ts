import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../fuzz/http1/fuzz.ts';
import { findMissing, withPeers } from '../../../fuzz/http1/start-peers.ts';

// Fixed seeds: what they find is a change of ours. `test/long/reader-fuzz.test.ts` looks for what is new.
describe('what the reader frames, segmented anyhow', () => {
  it('is what the parser of Node frames', async () => {
    const { failures, messages } = await fuzz(1, [], ({ cases }) => cases < 20_000);
    expect(failures).toEqual([]);
    expect(messages).toBeGreaterThan(10_000);
  });

  for (const name of ['http.client', 'h11'] as const) {
    const missing = findMissing(name);
    const reason = missing === undefined ? '' : ` (${missing})`;
    it.skipIf(missing !== undefined)(`is what ${name} of Python frames${reason}`, async () => {
      const { failures } = await withPeers([name], (peers) => fuzz(2, peers, ({ cases }) => cases < 3_000));
      expect(failures).toEqual([]);
    });
  }
});
