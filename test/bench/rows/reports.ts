import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { requireProduct } from '../choose-contenders.ts';
import { peakMb } from '../process-memory.ts';
import { atMost, type Row } from '../row.ts';

const FORMATS = ['json', 'markdown', 'cyclonedx'];
const POLL_MS = 20;

/** Seconds, and the most resident memory in MiB, of one `proxaudit report` into files. */
async function report(arena: Arena, journal: string): Promise<{ seconds: number; peak: number }> {
  const wanted = FORMATS.flatMap((format) => ['--report', `${format}=${join(arena.directory, format)}`]);
  const started = performance.now();
  const argv = [join(arena.product, 'bin', 'proxaudit.js'), 'report', ...wanted, journal];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const timer = setInterval(() => {
    try {
      peak = Math.max(peak, peakMb(child.pid ?? 0) || 0);
    } catch {
      // It has just ended.
    }
  }, POLL_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`proxaudit report ended with ${code}`);
  return { seconds: (performance.now() - started) / 1000, peak };
}

/** Reports made again from one long journal. */
export const reports: Row = {
  name: 'reports',
  async run(arena) {
    requireProduct(arena);
    const { rounds, journalLines } = arena.settings.sizes;
    const journal = join(arena.directory, 'large.jsonl');
    const args = JSON.stringify({ file: journal, lines: journalLines });
    execFileSync(process.execPath, [join(arena.programs, 'journal.mjs'), args]);
    const samples: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { seconds, peak } = await report(arena, journal);
      samples.push(seconds);
      peaks.push(peak);
    }
    return [
      {
        name: `${journalLines} lines to ${FORMATS.join(', ')}`,
        unit: 's',
        samples: { proxaudit: samples },
        peaks: { proxaudit: peaks },
        comparisons: [
          { label: 'seconds', value: Math.max(...samples), ...atMost(60, 30) },
          { label: 'MiB', value: Math.max(...peaks), ...atMost(300, 300) },
        ],
      },
    ];
  },
};
