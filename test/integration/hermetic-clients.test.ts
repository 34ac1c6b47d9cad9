import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, proxaudit, readJournal } from '../helpers/audit-run.ts';
import { recordClient } from '../helpers/client-table.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { runScenario } from '../helpers/registries/run-scenario.ts';
import { registryName, startTwin } from '../helpers/registries/start-twin.ts';
import { twins } from '../helpers/registries/twins.ts';

const workspace = createWorkspace('hermetic');
let authority: Authority;

beforeAll(() => {
  authority = createAuthority(workspace.directory);
});
afterAll(() => {
  workspace.remove();
});

const unavailable = await Promise.all(twins.map(async (twin) => await twin.available()));

describe.each(twins.map((twin, index) => ({ twin, reason: unavailable[index], name: twin.name })))(
  '$name',
  ({ twin, reason }) => {
    it.skipIf(reason !== undefined)(
      `is seen whole over http and https, and stores the same${reason === undefined ? '' : ` (${reason})`}`,
      async () => {
        const registry = await startTwin(twin, { authority, directory: workspace.directory });
        try {
          const parent = workspace.directory;
          const direct = await runScenario(twin, {
            parent,
            baseUrl: `http://127.0.0.1:${registry.ports.http}`,
          });
          expect(direct.result.code, direct.result.stderr).toBe(0);
          expect(direct.stored.length).toBeGreaterThan(0);

          for (const scheme of ['http', 'https']) {
            await registry.settled();
            const before = registry.log.length;
            const journalFile = join(workspace.directory, `${twin.name}-${scheme}.jsonl`);
            const options = [
              '-q',
              '--upstream-ca',
              authority.file,
              ...resolveArguments(registryName, registry),
            ];
            const audited = await runScenario(twin, {
              parent,
              label: scheme,
              baseUrl: `${scheme}://${registryName}`,
              wrapper: proxaudit(journalFile, ...options),
            });
            expect(audited.result.code, audited.result.stderr).toBe(0);
            expect(audited.stored).toEqual(direct.stored);

            await registry.settled();
            expect((await checkJournal(journalFile)).code).toBe(0);
            const journal = readJournal(journalFile);
            const seen = registry.log.slice(before).map((observed) => ({
              request: `${observed.method} ${scheme}://${registryName}${observed.path}`,
              status: observed.status,
              sent: observed.requestBody.size,
              size: observed.responseBody.size,
              sha256: observed.method === 'HEAD' ? undefined : observed.responseBody.sha256,
            }));
            const told = journal.exchanges.map(({ request, response }) => ({
              request: `${request.method} ${request.url}`,
              status: response?.status,
              sent: request.body.size,
              size: response?.body.size,
              sha256: response?.body.sha256,
            }));
            expect(sortByText(told)).toEqual(sortByText(seen));
            expect(journal.of('passed-through')).toEqual([]);
            expect(journal.of('tls-failed')).toEqual([]);
            // Nothing of it went past the proxy, and everybody who asked is known.
            const past = ['bypass', 'daemon', 'other-network'];
            expect(journal.of('blind-spot').filter(({ kind }) => past.includes(kind))).toEqual([]);
            expect(journal.exchanges.filter(({ process }) => process === undefined)).toEqual([]);
            const digests = new Set(
              journal.exchanges.flatMap(({ response }) => [
                response?.body.sha256,
                response?.body.decoded?.sha256,
              ]),
            );
            for (const file of audited.stored.filter(({ asFetched }) => asFetched)) {
              expect(digests, file.name).toContain(file.sha256);
            }
            recordClient({ client: twin.name, tier: 'hermetic', scheme, requests: told.length });
          }
        } finally {
          await registry.close();
        }
      },
    );
  },
);

function sortByText<T>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
