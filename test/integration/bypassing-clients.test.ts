import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxaudit, readJournal } from '../helpers/audit-run.ts';
import { recordClient } from '../helpers/client-table.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { bypassingTwins } from '../helpers/registries/download/bypassing-clients.ts';
import { runScenario } from '../helpers/registries/run-scenario.ts';
import { startTwin } from '../helpers/registries/start-twin.ts';

const workspace = createWorkspace('bypassing');
let authority: Authority;
beforeAll(() => {
  authority = createAuthority(workspace.directory);
});
afterAll(() => {
  workspace.remove();
});

const unavailable = await Promise.all(bypassingTwins.map(async ({ twin }) => await twin.available()));
const cases = bypassingTwins.map((each, index) => ({ ...each, reason: unavailable[index] }));

/** What the README says is not seen, so that it is said no longer than it is true. */
describe.each(cases.map((each) => ({ ...each, name: each.twin.name })))(
  '$name',
  ({ twin, scheme, why, reason }) => {
    it.skipIf(reason !== undefined)(
      `goes past us, and works${reason === undefined ? '' : ` (${reason})`}`,
      async () => {
        const registry = await startTwin(twin, { authority, directory: workspace.directory });
        try {
          const journalFile = join(workspace.directory, `${twin.name}.jsonl`);
          const trusting = ['env', `NODE_EXTRA_CA_CERTS=${authority.file}`];
          const audited = await runScenario(twin, {
            parent: workspace.directory,
            baseUrl: `${scheme}://127.0.0.1:${registry.ports[scheme]}`,
            wrapper: [...trusting, ...proxaudit(journalFile, '-q', '--include-local')],
          });
          expect(audited.result.code, audited.result.stderr).toBe(0);
          await registry.settled();
          expect(registry.log.length).toBeGreaterThan(0);
          expect(readJournal(journalFile).of('exchange-started')).toEqual([]);
          await recordClient(twin, { tier: 'hermetic', scheme, unseen: why });
        } finally {
          await registry.close();
        }
      },
    );
  },
);
