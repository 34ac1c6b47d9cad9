import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { executable } from '../helpers/audit-run.ts';
import { startProgram } from '../helpers/run-program.ts';
import { useScene } from '../helpers/scene.ts';
import { watchMemory } from '../helpers/watch-memory.ts';
import { writeLargeJournal } from '../helpers/write-large-journal.ts';

const scene = useScene('reports');
const LINES = 1_000_000;
/** Of DESIGN.md, section 9. */
const MAX_MB = 300;

it('a journal of a million lines becomes JSON, Markdown and CycloneDX within 300 MB', async () => {
  const { user, directory } = scene();
  const journal = join(directory, 'large.jsonl');
  writeLargeJournal(journal, LINES);
  const files = ['json', 'markdown', 'cyclonedx'].map((format) => [format, join(directory, format)] as const);
  const reports = files.flatMap(([format, file]) => ['--report', `${format}=${file}`]);
  const running = startProgram([process.execPath, executable, 'report', ...reports, journal], {
    env: user.env,
    cwd: directory,
  });
  const memory = watchMemory(running.process.pid ?? 0);
  memory.start();
  const { status, stderr } = await running.ended;
  const { base, growth } = memory.stop();
  expect(status, stderr.toString()).toBe(0);
  process.stderr.write(`reports of ${LINES} lines: ${base + growth} MB\n`);
  expect(base + growth).toBeLessThan(MAX_MB);
  for (const [, file] of files) expect(statSync(file).size).toBeGreaterThan(10_000);
});
