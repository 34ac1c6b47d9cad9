import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { chooseContenders } from '../choose-contenders.ts';
import type { Contender } from '../contender.ts';
import { leadPausedLoad } from '../paused-load.ts';
import { interleave, type Interleaved } from '../interleave.ts';
import type { Load } from '../programs/load.ts';
import { processorMs } from '../process-memory.ts';
import { atLeast, atMost, compare, type Row, type RowResult } from '../row.ts';

interface Steady {
  readonly perSecond: number;
  /** Of the proxy's own process; undefined where there is none. */
  readonly processorUs: number | undefined;
}

/** The rate of requests after the warm-up, and what each takes of the proxy's processor time. */
async function measure(
  arena: Arena,
  { contender, connections }: { contender: Contender; connections: number },
  notePeak: (pid: number | undefined) => void,
): Promise<Steady> {
  const requests = connections === 1 ? arena.settings.sizes.requests / 4 : arena.settings.sizes.requests;
  const launched = contender.launch((base) => {
    const load: Load = {
      url: `${base}/bytes/1000`,
      connections,
      requests,
      warmUp: Math.ceil(requests / 4),
      pause: true,
    };
    return [process.execPath, join(arena.programs, 'load.mjs'), JSON.stringify(load)];
  });
  const { proxyPid } = launched;
  let spent = 0;
  const last = await leadPausedLoad(launched, {
    onReady: (pid) => {
      if (pid !== undefined) spent -= processorMs(pid);
    },
    onDone: (pid) => {
      if (pid !== undefined) spent += processorMs(pid);
      notePeak(pid);
    },
  });
  const { ms } = JSON.parse(last) as { ms: number };
  const processorUs = proxyPid === undefined ? undefined : (spent * 1000) / requests;
  return { perSecond: (requests / ms) * 1000, processorUs };
}

async function measureAll(
  arena: Arena,
  connections: number,
): Promise<Interleaved & { readonly processor: Record<string, number[]> }> {
  const names = ['direct', 'relay', 'proxaudit', 'mitmdump', 'goproxy'] as const;
  const processor: Record<string, number[]> = {};
  const rates = await interleave(arena, await chooseContenders(arena, names), async (contender, notePeak) => {
    const { perSecond, processorUs } = await measure(arena, { contender, connections }, notePeak);
    if (processorUs !== undefined) (processor[contender.name] ??= []).push(processorUs);
    return perSecond;
  });
  return { ...rates, processor };
}

function describe(name: string, measured: Awaited<ReturnType<typeof measureAll>>): RowResult[] {
  const { samples, peaks, processor } = measured;
  const isOne = name.startsWith('one');
  const toRelay = ['proxaudit', 'relay'] as const;
  const comparisons = isOne
    ? compare(samples, toRelay, atLeast(1, 1.2))
    : [
        ...compare(samples, toRelay, atLeast(1, 1.5)),
        ...compare(samples, ['proxaudit', 'goproxy'], atLeast(0.7, 1)),
        ...compare(samples, ['proxaudit', 'mitmdump'], atLeast(2, 2)),
      ];
  return [
    { name, unit: 'requests/s', samples, peaks, comparisons },
    {
      name: `${name}, processor a request`,
      unit: 'µs',
      samples: processor,
      comparisons: compare(processor, toRelay, atMost(0.9, 0.6)),
    },
  ];
}

/** 1 KB HTTPS requests: on 20 keep-alive connections, and one after the other on one. */
export const smallRequests: Row = {
  name: 'small-requests',
  run: async (arena) => [
    ...describe('small requests', await measureAll(arena, 20)),
    ...describe('one connection, small requests', await measureAll(arena, 1)),
  ],
};
