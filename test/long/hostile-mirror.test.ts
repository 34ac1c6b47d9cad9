import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cells, describeOutcome, findFaults, runCell } from '../helpers/hostile-mirror/matrix.ts';
import { HostileMirror } from '../helpers/hostile-mirror/run-cell.ts';
import { formatTable, keyOf, readTable, withTable } from '../helpers/hostile-mirror/table.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const page = 'docs/threat-model.md';
/** Writes the table anew, of the cells that were tried: `WRITE_TRICKS=all npm run test:long -- hostile-mirror`; `new` instead of `all`: of those alone that it does not have. */
const writes = process.env['WRITE_TRICKS'] ?? '';
const isWritten = writes !== '';
const workspace = createWorkspace('hostile-mirror');
const told = readTable(readFileSync(page, 'utf8'));
const seen = new Map(told);
const tried = new Set(cells.map(({ trick, stage }) => keyOf(trick.id, stage.client)));
let mirror: HostileMirror;

beforeAll(async () => {
  mirror = await HostileMirror.start(workspace.directory);
});
afterAll(async () => {
  await mirror.close();
  workspace.remove();
});

/** After each cell, so that a run that is stopped leaves what it has seen. */
function tell(key: string, outcome: string): void {
  seen.set(key, outcome);
  const kept = new Map([...seen].filter(([one]) => tried.has(one)));
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), formatTable(kept)));
}

describe.concurrent('a hostile mirror', () => {
  it.each(
    cells
      .filter(({ trick, stage }) => writes !== 'new' || !told.get(keyOf(trick.id, stage.client)))
      .map((cell) => ({
        cell,
        title: `${cell.trick.id} on ${cell.stage.client}${cell.missing === undefined ? '' : ` (${cell.missing})`}`,
      })),
  )('$title', async ({ cell }) => {
    if (cell.missing !== undefined) return;
    const outcome = await runCell(mirror, cell);
    const key = keyOf(cell.trick.id, cell.stage.client);
    if (isWritten) tell(key, describeOutcome(cell, outcome));
    expect(findFaults(cell, outcome), outcome.output).toEqual([]);
    if (!isWritten) expect(describeOutcome(cell, outcome)).toBe(told.get(key));
  });
});
