import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  cells,
  clients,
  describeOutcome,
  findFaults,
  runCell,
  tricks,
} from '../helpers/hostile-mirror/matrix.ts';
import { HostileMirror } from '../helpers/hostile-mirror/run-cell.ts';
import { formatTable, keyOf, readTable } from '../helpers/hostile-mirror/table.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

/** A few cells of the matrix: at least one of each kind of trick. The long tier tries all of them. */
const workspace = createWorkspace('hostile-mirror');
const told = readTable(readFileSync('docs/threat-model.md', 'utf8'));
let mirror: HostileMirror;

beforeAll(async () => {
  mirror = await HostileMirror.start(workspace.directory);
});
afterAll(async () => {
  await mirror.close();
  workspace.remove();
});

const chosen = cells.filter(({ trick, stage }) => trick.inCi?.includes(stage.client) === true);

it.concurrent.each(
  chosen.map((cell) => ({
    cell,
    title: `${cell.trick.id} on ${cell.stage.client}${cell.missing === undefined ? '' : ` (${cell.missing})`}`,
  })),
)('$title', async ({ cell }) => {
  if (cell.missing !== undefined) return;
  const outcome = await runCell(mirror, cell);
  expect(findFaults(cell, outcome), outcome.output).toEqual([]);
  expect(describeOutcome(cell, outcome)).toBe(told.get(keyOf(cell.trick.id, cell.stage.client)));
});

it('the threat model has every trick, and every client that it is tried on', () => {
  expect(new Set(chosen.map(({ trick }) => trick.kind))).toEqual(new Set(tricks.map(({ kind }) => kind)));
  expect(tricks.length).toBeGreaterThanOrEqual(40);
  expect(new Set(tricks.map(({ id }) => id)).size).toBe(tricks.length);
  const tried = new Map(cells.map(({ trick, stage }) => [keyOf(trick.id, stage.client), true]));
  for (const { id } of tricks)
    for (const client of clients) {
      const key = keyOf(id, client);
      expect((told.get(key) ?? '') !== '', key).toBe(tried.has(key));
    }
  expect(readFileSync('docs/threat-model.md', 'utf8')).toContain(formatTable(told));
});
