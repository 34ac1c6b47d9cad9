import { join } from 'node:path';
import { chooseContenders } from '../choose-contenders.ts';
import { finish } from '../contender.ts';
import { interleave } from '../interleave.ts';
import { compare } from '../row.ts';
import type { Row } from '../row.ts';

/** 1 KB HTTPS requests on 20 keep-alive connections. */
export const smallRequests: Row = {
  name: 'small-requests',
  async run(arena) {
    const { requests } = arena.settings.sizes;
    const contenders = await chooseContenders(arena, ['direct', 'relay', 'proxaudit', 'mitmdump', 'goproxy']);
    const { samples, peaks } = await interleave(arena, contenders, async (contender, notePeak) => {
      const launched = contender.launch((base) => {
        const load = {
          url: `${base}/bytes/1000`,
          connections: 20,
          requests,
          warmUp: Math.ceil(requests / 10),
        };
        return [process.execPath, join(arena.programs, 'load.mjs'), JSON.stringify(load)];
      });
      launched.child.stdout?.once('data', () => notePeak(launched.proxyPid));
      const { ms } = JSON.parse((await finish(launched)).stdout) as { ms: number };
      return (requests / ms) * 1000;
    });
    const comparisons = [
      ...compare(samples, ['proxaudit', 'relay'], 0.6, 'higher'),
      ...compare(samples, ['proxaudit', 'mitmdump'], 2, 'higher'),
    ];
    return [{ name: 'small requests', unit: 'requests/s', samples, peaks, comparisons }];
  },
};
