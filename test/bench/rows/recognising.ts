import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { finish, spawnClient } from '../contender.ts';
import { benchHost } from '../contenders.ts';
import type { Load } from '../programs/load.ts';
import type { Measured, MeasuredProxy } from '../programs/measured-proxy.ts';
import { atMost, compare, type Row, type RowResult } from '../row.ts';

const BYTES = 10_000;
const CONNECTIONS = 20;
const PACKAGE = `/bytes/${BYTES}/pad/-/pad-1.0.NUMBER.tgz`;
const PAGE = `/bytes/${BYTES}/page/NUMBER`;

/** What is asked for in turn, by the name in the table. */
const mixes = {
  'one package in five responses': [PACKAGE, PAGE, PAGE, PAGE, PAGE],
  'every response a package': [PACKAGE],
} as const;
const goals = {
  'one package in five responses': atMost(1.15, 1.1),
  'every response a package': atMost(1.35, 1.25),
} as const;

const modes = { 'recognising off': false, 'recognising on': true } as const;

interface Trial {
  readonly recognition: boolean;
  readonly lockfile: string;
  readonly paths: readonly string[];
}

async function measure(arena: Arena, { recognition, lockfile, paths }: Trial): Promise<number> {
  const { port } = await arena.program('origin');
  const load: Load = {
    url: `https://${benchHost}/`,
    paths,
    connections: CONNECTIONS,
    requests: arena.settings.sizes.recognised,
    warmUp: CONNECTIONS,
    pause: true,
  };
  const proxy: MeasuredProxy = {
    attribution: true,
    sampling: false,
    recognition,
    lockfile,
    directory: arena.directory,
    originPort: port,
    upstreamCa: arena.tls.ca,
    load: [process.execPath, join(arena.programs, 'load.mjs'), JSON.stringify(load)],
  };
  const argv = [process.execPath, join(arena.programs, 'measured-proxy.mjs'), JSON.stringify(proxy)];
  const { stdout } = await finish({ child: spawnClient(argv, {}) });
  return (JSON.parse(stdout) as Measured).seconds;
}

/** It has a SHA-512 for each package. */
function writeLockfile(arena: Arena): string {
  const file = join(arena.directory, 'package-lock.json');
  const packages: Record<string, object> = { '': {} };
  for (let number = 1; number <= arena.settings.sizes.recognised + CONNECTIONS; number += 1) {
    const integrity = `sha512-${createHash('sha512').update(randomBytes(8)).digest('base64')}`;
    packages[`node_modules/${number}/node_modules/pad`] = { version: `1.0.${number}`, integrity };
  }
  writeFileSync(file, JSON.stringify({ lockfileVersion: 3, packages }, null, 1));
  return file;
}

async function compareModes(arena: Arena, lockfile: string, mix: keyof typeof mixes): Promise<RowResult> {
  const { rounds, recognised } = arena.settings.sizes;
  const samples: Record<string, number[]> = {};
  // Rounds differ by 5 %, which is a third of the floor.
  for (let round = 0; round < 2 * rounds - 1; round += 1) {
    for (const [mode, recognition] of Object.entries(modes)) {
      (samples[mode] ??= []).push(await measure(arena, { recognition, lockfile, paths: mixes[mix] }));
    }
  }
  const comparisons = compare(samples, ['recognising on', 'recognising off'], goals[mix]);
  return { name: `${recognised} exchanges of ${BYTES / 1000} kB, ${mix}`, unit: 's', samples, comparisons };
}

/** What it costs, in processor time, to recognise packages and to check them against a lockfile. */
export const recognising: Row = {
  name: 'recognising',
  run: async (arena) => {
    const lockfile = writeLockfile(arena);
    const results: RowResult[] = [];
    for (const mix of Object.keys(mixes) as (keyof typeof mixes)[]) {
      results.push(await compareModes(arena, lockfile, mix));
    }
    return results;
  },
};
