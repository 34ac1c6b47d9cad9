import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { finish, spawnClient } from '../contender.ts';
import { benchHost } from '../contenders.ts';
import type { Measured, MeasuredProxy } from '../programs/measured-proxy.ts';
import type { PacedLoad } from '../programs/paced-load.ts';
import { atMost, type Row, type RowResult } from '../row.ts';
import { median } from '../statistics.ts';

const RATE = 500;
const CONNECTIONS = 100;

/** What is switched on, by the name in the table. */
const modes = {
  without: { attribution: false, sampling: false },
  'attribution on': { attribution: true, sampling: false },
  'sampling on too': { attribution: true, sampling: true },
} as const;

async function measure(
  arena: Arena,
  mode: (typeof modes)[keyof typeof modes],
  perConnection: number,
): Promise<number> {
  const { port } = await arena.program('origin');
  const load: PacedLoad = {
    url: `https://${benchHost}/bytes/1000`,
    rate: RATE,
    seconds: arena.settings.sizes.pacedSeconds,
    connections: CONNECTIONS,
    perConnection,
  };
  const proxy: MeasuredProxy = {
    ...mode,
    recognition: false,
    directory: arena.directory,
    originPort: port,
    upstreamCa: arena.tls.ca,
    load: [process.execPath, join(arena.programs, 'paced-load.mjs'), JSON.stringify(load)],
  };
  const argv = [process.execPath, join(arena.programs, 'measured-proxy.mjs'), JSON.stringify(proxy)];
  const { stdout } = await finish({ child: spawnClient(argv, {}) });
  return (JSON.parse(stdout) as Measured).percent;
}

async function compareModes(arena: Arena, name: string, perConnection: number): Promise<RowResult> {
  const samples = Object.fromEntries(Object.keys(modes).map((mode) => [mode, [] as number[]]));
  for (let round = 0; round < arena.settings.sizes.rounds; round += 1) {
    for (const [mode, switches] of Object.entries(modes)) {
      samples[mode]?.push(await measure(arena, switches, perConnection));
    }
  }
  const off = median(samples['without'] ?? []);
  const comparisons = Object.keys(modes)
    .filter((mode) => mode !== 'without')
    .map((mode) => ({
      label: `${mode}, more than without`,
      value: median(samples[mode] ?? []) - off,
      ...atMost(5, 5),
    }));
  return { name, unit: '% of a processor', samples, comparisons };
}

/** What attribution and sampling cost at 500 requests a second on 100 connections, kept or replaced. */
export const attribution: Row = {
  name: 'attribution',
  run: async (arena) => [
    await compareModes(arena, '500 requests/s, connections kept', Number.MAX_SAFE_INTEGER),
    await compareModes(arena, '500 requests/s, 50 new connections/s', 10),
  ],
};
