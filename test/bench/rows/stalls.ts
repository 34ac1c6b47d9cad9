import { join } from 'node:path';
import { hostileBodies } from '../../helpers/hostile/bodies.ts';
import type { Arena } from '../arena.ts';
import { finish, spawnClient } from '../contender.ts';
import type { Stalls, StallsOf } from '../programs/stalls.ts';
import { atMost, type Row, type RowResult } from '../row.ts';

/** Milliseconds. */
const GOAL = atMost(100, 50);

async function measure(arena: Arena, body: string): Promise<Stalls> {
  const { port } = await arena.program('hostile-origin');
  const { product, directory } = arena;
  const args: StallsOf = { dist: join(product, 'dist'), directory, originPort: port, body };
  const argv = [process.execPath, join(arena.programs, 'stalls.mjs'), JSON.stringify(args)];
  const { stdout } = await finish({ child: spawnClient(argv, {}) });
  return JSON.parse(stdout) as Stalls;
}

/** The longest stall of the event loop by one hostile body, with what it takes in memory and of the run's end. */
export const stalls: Row = {
  name: 'stalls',
  async run(arena) {
    const results: RowResult[] = [];
    for (const { name } of hostileBodies) {
      try {
        const { longestMs, grownMb, endMs, notExamined } = await measure(arena, name);
        arena.say(
          `${name}: ${grownMb.toFixed(0)} MB, end after ${endMs.toFixed(0)} ms ${notExamined.join('; ')}`,
        );
        results.push({
          name: `stall, ${name}`,
          unit: 'ms',
          samples: { proxaudit: [longestMs] },
          peaks: { proxaudit: [grownMb] },
          comparisons: [{ label: 'proxaudit', value: longestMs, ...GOAL }],
        });
      } catch (error) {
        arena.say(`FAILED ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return results;
  },
};
