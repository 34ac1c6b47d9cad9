import { describe, expect, it } from 'vitest';
import { killAtRandom, killedClients } from '../helpers/kill-at-random.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('killed');
const RUNS_OF_A_CLIENT = 100;

describe.each(killedClients)('proxaudit killed a hundred times while %s fetches', (client) => {
  it('has recorded all that the client has whole, each time', async () => {
    let count = 0;
    for (let run = 1; run <= RUNS_OF_A_CLIENT; run += 1) {
      const { whole, ...unrecorded } = await killAtRandom(scene(), { client, seed: `long ${run}` });
      expect(unrecorded, `moment ${run}`).toEqual({ exchanges: [], artifacts: [] });
      count += whole;
    }
    expect(count).toBeGreaterThan(RUNS_OF_A_CLIENT);
  });
});
