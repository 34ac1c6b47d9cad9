import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinChunks, renderers } from '../../reports/index.ts';
import { renderSummary } from '../../reports/summary.ts';
import { judgeRun, judgeRuns } from '../../src/audit/judge-run.ts';
import type { Event, Fact } from '../../src/model/events.ts';
import type { Run } from '../../src/model/run.ts';
import { createFold, type Folded } from '../../src/run/fold.ts';
import { openJournal } from '../../src/run/journal-writer.ts';
import { readJournalFile, readRun } from '../../src/run/read-run.ts';
import { chunksOf } from '../run/sample-facts.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-live-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const runs = readdirSync('test/fixtures/journals').map((file) => file.replace('.jsonl', ''));
const formats: readonly (readonly [string, (run: Run) => string])[] = [
  ...Object.values(renderers).map(
    ({ id, render }) => [id, (run: Run) => joinChunks(render(run))] as [string, (run: Run) => string],
  ),
  ['summary', (run) => renderSummary(run)],
  ['verbose summary', (run) => renderSummary(run, { verbose: true })],
];

/** As stations state facts: members in any order, and some of them undefined. */
function inAnotherOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inAnotherOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(
    [['notKnown', undefined], ...entries].map(([key, one]) => [key, inAnotherOrder(one)]),
  );
}

/** Records the facts of a sample as a run does; what the run itself makes of them, and its journal. */
function live(name: string): { folded: Folded; file: string } {
  const file = join(directory, `${name}.jsonl`);
  const fold = createFold();
  let at = 0;
  const journal = openJournal({ file }, { now: () => at, onRecorded: fold.add });
  for (const line of readFileSync(`test/fixtures/journals/${name}.jsonl`, 'utf8').split('\n')) {
    const event = parse(line);
    if (event === undefined) continue;
    at = Date.parse(event.at);
    const { v, seq, at: written, prev, type, ...facts } = event;
    void [v, seq, written, prev];
    journal.record({ type, ...(inAnotherOrder(facts) as object) } as Fact);
  }
  journal.close();
  const isFinished = readFileSync(file, 'utf8').includes('"type":"run-finished"');
  return { folded: fold.finish({ verdict: isFinished ? 'intact' : 'truncated', problems: [] }), file };
}

/** Undefined for what was damaged. */
function parse(line: string): Event | undefined {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return undefined;
  }
}

it.each(runs)(
  'every report of %s is byte for byte the live one, from a file and from stdin',
  async (name) => {
    const { folded, file } = live(name);
    const fromFile = judgeRun(await readRun(file, readJournalFile(file)));
    const fromStdin = judgeRun(await readRun('stdin', chunksOf(readFileSync(file), 7_001)));
    for (const [format, render] of formats) {
      const atEnd = render(judgeRun(folded));
      expect(render(fromFile), format).toBe(atEnd);
      expect(render(fromStdin), format).toBe(atEnd);
    }
    expect(fromFile).toEqual(judgeRun(folded));
  },
);

it('a report of several journals is that of the runs themselves', async () => {
  const all = runs.map(live);
  const read = await Promise.all(all.map(({ file }) => readRun(file, readJournalFile(file))));
  for (const [format, render] of formats)
    expect(render(judgeRuns(read)), format).toBe(render(judgeRuns(all.map(({ folded }) => folded))));
});
