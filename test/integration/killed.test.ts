import { describe, expect, it } from 'vitest';
import { killAtRandom, killedClients } from '../helpers/kill-at-random.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('killed');

describe.each(killedClients)('proxaudit killed while %s fetches', (client) => {
  it.each(['1', '2'])('has recorded all that the client has whole (moment %s)', async (seed) => {
    const { whole, ...unrecorded } = await killAtRandom(scene(), { client, seed });
    expect(whole).toBeGreaterThan(0);
    expect(unrecorded).toEqual({ exchanges: [], artifacts: [] });
  });
});
