import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arena } from '../arena.ts';
import { chooseContenders } from '../choose-contenders.ts';
import type { Contender } from '../contender.ts';
import { residentMb } from '../process-memory.ts';
import { leadPausedLoad } from '../paused-load.ts';
import type { Load } from '../programs/load.ts';
import { atMost, type Row } from '../row.ts';

/** Memory is read when the last answer is through, and what was garbage has had time to go. */
const SETTLE_MS = 2_000;

/** KiB by which the proxy's resident memory grew for each of many connections that had one answer and are idle. */
async function measure(arena: Arena, contender: Contender): Promise<number> {
  const { idle } = arena.settings.sizes;
  const launched = contender.launch((base) => {
    const url = `${base}/bytes/1000`;
    const load: Load = {
      ...{ url, warmUpUrl: url, warmUpConnections: 1, warmUp: 1 },
      ...{ connections: idle, requests: idle, pause: true },
    };
    return [process.execPath, join(arena.programs, 'load.mjs'), JSON.stringify(load)];
  });
  let grown = 0;
  await leadPausedLoad(launched, {
    onReady: (pid = 0) => {
      grown -= residentMb(pid);
    },
    onDone: async (pid = 0) => {
      await sleep(SETTLE_MS);
      grown += residentMb(pid);
    },
  });
  return (grown * 1024) / idle;
}

/** Resident memory for a pair of TLS connections, client's and upstream's, with nothing to do. */
export const idleConnections: Row = {
  name: 'idle-connections',
  async run(arena) {
    const samples: Record<string, number[]> = {};
    for (const contender of await chooseContenders(arena, ['relay', 'proxaudit', 'goproxy'])) {
      try {
        samples[contender.name] = [await measure(arena, contender)];
      } catch (error) {
        arena.say(`FAILED ${contender.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    const [value] = samples['proxaudit'] ?? [];
    const comparisons = value === undefined ? [] : [{ label: 'proxaudit', value, ...atMost(120, 75) }];
    return [
      { name: `${arena.settings.sizes.idle} idle connections`, unit: 'KiB each', samples, comparisons },
    ];
  },
};
