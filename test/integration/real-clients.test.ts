import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkJournal, proxaudit, readJournal } from '../helpers/audit-run.ts';
import { recordClient } from '../helpers/client-table.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { realScenarios } from '../helpers/registries/real.ts';
import { runScenario } from '../helpers/registries/run-scenario.ts';

const workspace = createWorkspace('real');
afterAll(() => {
  workspace.remove();
});

const unavailable = await Promise.all(realScenarios.map(async (scenario) => await scenario.available()));
const cases = realScenarios.map((scenario, index) => ({
  scenario,
  reason: unavailable[index],
  name: scenario.name,
}));

/** The real clients against the registries they are configured for: no host is named here. */
describe.each(cases)('$name', ({ scenario, reason }) => {
  it.skipIf(reason !== undefined)(
    `stores the same with proxaudit, and every file it stored was seen${reason === undefined ? '' : ` (${reason})`}`,
    async () => {
      const parent = workspace.directory;
      const direct = await runScenario(scenario, { parent, baseUrl: '' });
      expect(direct.result.code, direct.result.stderr).toBe(0);
      const journalFile = join(parent, `${scenario.name}.jsonl`);
      const wrapper = proxaudit(journalFile, '-q');
      const audited = await runScenario(scenario, { parent, label: 'audited', baseUrl: '', wrapper });
      expect(audited.result.code, audited.result.stderr).toBe(0);
      expect(audited.stored).toEqual(direct.stored);
      expect(audited.stored.length).toBeGreaterThan(0);

      expect((await checkJournal(journalFile)).code).toBe(0);
      const journal = readJournal(journalFile);
      expect(journal.of('tls-failed')).toEqual([]);
      expect(journal.of('passed-through')).toEqual([]);
      const digests = new Set(
        journal.exchanges.flatMap(({ response }) => [response?.body.sha256, response?.body.decoded?.sha256]),
      );
      const fetched = audited.stored.filter(({ asFetched }) => asFetched);
      for (const file of fetched) expect(digests, file.name).toContain(file.sha256);
      expect(journal.exchanges.length).toBeGreaterThan(0);
      const requests = journal.exchanges.length;
      await recordClient(scenario, { tier: 'real', scheme: 'as configured', requests });
    },
    600_000,
  );
});
