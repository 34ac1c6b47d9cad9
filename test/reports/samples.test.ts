import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { joinChunks, renderers, type Renderer } from '../../reports/index.ts';
import { renderSummary } from '../../reports/summary.ts';
import type { SummaryOptions } from '../../reports/summary/page.ts';
import type { Run } from '../../src/model/run.ts';
import { emptyRun, readFixture } from './read-fixture.ts';

const home = '/home/somebody';
const place = {
  home,
  journalPath: `${home}/.local/state/proxaudit/runs/20261121T013753Z-042f2e/journal.jsonl`,
};
const summary =
  (options: SummaryOptions = {}) =>
  (run: Run) =>
    renderSummary(run, { ...place, ...options });

const rendered =
  ({ render }: Renderer) =>
  (run: Run) =>
    joinChunks(render(run));

/** Every sample: its file, the journal it is made of, and how. */
const samples: readonly (readonly [string, string, (run: Run) => string])[] = [
  ...Object.values(renderers).map(
    (renderer) => [`evidence.${renderer.extension}`, 'evidence', rendered(renderer)] as const,
  ),
  ['npm.json', 'npm', rendered(renderers.json)],
  ['npm.md', 'npm', rendered(renderers.markdown)],
  ['npm.summary.txt', 'npm', summary()],
  ['npm.summary-60-columns.txt', 'npm', summary({ columns: 60 })],
  ['npm.summary-colour.txt', 'npm', summary({ colour: true })],
  ['npm.summary-verbose.txt', 'npm', summary({ verbose: true })],
  ['nothing.summary.txt', 'nothing', summary()],
  ['tampered.summary.txt', 'tampered', summary()],
  ['truncated.md', 'truncated', rendered(renderers.markdown)],
  ['truncated.summary.txt', 'truncated', summary()],
];

it.each(samples)('%s is up to date', async (name, journal, render) => {
  const file = `reports/samples/${name}`;
  const text = render(journal === 'nothing' ? emptyRun : await readFixture(journal));
  if (process.env['UPDATE_SAMPLES'] === '1') writeFileSync(file, text);
  expect(existsSync(file), `${file} is missing: UPDATE_SAMPLES=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

it('has no sample that nothing makes', () => {
  expect(readdirSync('reports/samples').sort()).toEqual(samples.map(([name]) => name).sort());
});
