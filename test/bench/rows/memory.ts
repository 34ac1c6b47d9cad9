import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { chooseContenders } from '../choose-contenders.ts';
import type { Contender } from '../contender.ts';
import { leadPausedLoad } from '../paused-load.ts';
import { forgetPeak, peakMb, residentMb } from '../process-memory.ts';
import { atMost, type Comparison, type Goal, type Row, type RowResult } from '../row.ts';

interface Load {
  readonly path: string;
  readonly connections: number;
  readonly requests: number;
}

/** MiB by which the proxy's resident memory grew beyond what it was after the first request. */
async function measureGrowth(arena: Arena, contender: Contender, { path, ...load }: Load): Promise<number> {
  const launched = contender.launch((base) => {
    const args = { ...load, url: `${base}${path}`, warmUpUrl: `${base}/bytes/1000`, warmUp: 1, pause: true };
    return [process.execPath, join(arena.programs, 'load.mjs'), JSON.stringify(args)];
  });
  let growth = 0;
  await leadPausedLoad(launched, {
    onReady: (pid = 0) => {
      growth -= residentMb(pid);
      forgetPeak(pid);
    },
    onDone: (pid = 0) => {
      growth += peakMb(pid);
    },
  });
  return growth;
}

async function grow(arena: Arena, name: string, load: Load, goal: Goal): Promise<RowResult> {
  const samples: Record<string, number[]> = {};
  for (const contender of await chooseContenders(arena, ['relay', 'proxaudit', 'mitmdump'])) {
    try {
      samples[contender.name] = [await measureGrowth(arena, contender, load)];
    } catch (error) {
      arena.say(`FAILED ${contender.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const [value] = samples['proxaudit'] ?? [];
  const comparisons: Comparison[] = value === undefined ? [] : [{ label: 'proxaudit', value, ...goal }];
  return { name, unit: 'MiB grown', samples, comparisons };
}

/** Resident memory over that after the first request: one long body, then many exchanges. */
export const memory: Row = {
  name: 'memory',
  async run(arena) {
    const { memoryBytes, memoryRequests } = arena.settings.sizes;
    const body = { path: `/bytes/${memoryBytes}`, connections: 1, requests: 1 };
    const many = { path: '/bytes/1000', connections: 20, requests: memoryRequests };
    return [
      await grow(arena, `memory, a body of ${memoryBytes / 1e9} GB`, body, atMost(64, 40)),
      await grow(arena, `memory, ${memoryRequests} exchanges`, many, atMost(100, 60)),
    ];
  },
};
