import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { openArena } from './arena.ts';
import type { Arena, Places } from './arena.ts';
import { meetsAim, meetsFloor, type Row, type RowResult } from './row.ts';
import { attribution } from './rows/attribution.ts';
import { bulk } from './rows/bulk.ts';
import { idleConnections } from './rows/idle-connections.ts';
import { memory } from './rows/memory.ts';
import { npmCi } from './rows/npm-ci.ts';
import { rawTunnel } from './rows/raw-tunnel.ts';
import { recognising } from './rows/recognising.ts';
import { reports } from './rows/reports.ts';
import { smallRequests } from './rows/small-requests.ts';
import { stalls } from './rows/stalls.ts';
import { startUp } from './rows/start-up.ts';
import { readSettings } from './settings.ts';
import { median } from './statistics.ts';
import { formatTable } from './table.ts';

const rows: readonly Row[] = [
  startUp,
  bulk,
  smallRequests,
  rawTunnel,
  memory,
  idleConnections,
  npmCi,
  attribution,
  recognising,
  reports,
  stalls,
];

/** Runs the chosen rows one after the other and prints the table. Returns the exit code: floors never fail a bench. */
export async function main(args: readonly string[], places: Places): Promise<number> {
  const settings = readSettings(args);
  const unknown = settings.only.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `no row ${unknown.join(', ')}; there are ${rows.map(({ name }) => name).join(', ')}\n`,
    );
    return 2;
  }
  const chosen = rows.filter(({ name }) => settings.only.length === 0 || settings.only.includes(name));
  const arena = openArena(settings, places);
  const results: RowResult[] = [];
  try {
    for (const row of chosen) results.push(...(await runRow(arena, row)));
  } finally {
    await arena.stop();
  }
  process.stdout.write(`${formatTable(results)}\n`);
  if (settings.json) {
    const record = {
      at: new Date().toISOString(),
      machine: machine(),
      settings,
      results: results.map(sumUp),
    };
    writeFileSync(settings.json, `${JSON.stringify(record, null, 2)}\n`);
  }
  return results.length > 0 ? 0 : 1;
}

async function runRow(arena: Arena, row: Row): Promise<RowResult[]> {
  arena.say(`running ${row.name}`);
  try {
    return await row.run(arena);
  } catch (error) {
    arena.say(`FAILED ${row.name}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

/** With what the samples come to, for whoever reads the file. */
const sumUp = (result: RowResult): object => ({
  ...result,
  medians: Object.fromEntries(
    Object.entries(result.samples).map(([contender, values]) => [contender, median(values)]),
  ),
  comparisons: result.comparisons.map((comparison) => ({
    ...comparison,
    meetsFloor: meetsFloor(comparison),
    meetsAim: meetsAim(comparison),
  })),
});

const machine = (): object => ({
  node: process.version,
  platform: process.platform,
  release: release(),
  cpu: cpus()[0]?.model,
  cores: cpus().length,
});
