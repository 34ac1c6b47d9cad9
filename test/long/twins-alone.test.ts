import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../helpers/origin/authority.ts';
import type { Authority } from '../helpers/origin/authority.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { runScenario } from '../helpers/registries/run-scenario.ts';
import type { Twin } from '../helpers/registries/scenario.ts';
import { startTwin } from '../helpers/registries/start-twin.ts';
import { twins } from '../helpers/registries/twins.ts';

const workspace = createWorkspace('twins');
let authority: Authority;
beforeAll(() => {
  authority = createAuthority(workspace.directory);
});
afterAll(() => workspace.remove());

async function runTwice(twin: Twin) {
  const server = await startTwin(twin, { authority, directory: workspace.directory });
  const at = { parent: workspace.directory, baseUrl: `http://127.0.0.1:${server.ports.http}` };
  const first = await runScenario(twin, { ...at, label: 'first' });
  await server.settled();
  const requests = server.log.length;
  const second = await runScenario(twin, { ...at, label: 'second' });
  await server.settled();
  await server.close();
  return { first, second, requests, log: server.log };
}

for (const twin of twins) {
  const reason = await twin.available();
  describe.skipIf(reason !== undefined)(`${twin.name}${reason ? ` (${reason})` : ''}`, () => {
    test(
      'works without a proxy, cold each time, and stores what was served',
      { timeout: 180_000 },
      async () => {
        const { first, second, requests, log } = await runTwice(twin);
        expect(first.result, first.result.stderr).toMatchObject({ code: 0, signal: null });
        expect(second.result.code).toBe(0);
        expect(first.stored.length).toBeGreaterThan(0);
        expect(second.stored).toEqual(first.stored);
        expect(log.length, 'the second run was as cold as the first').toBe(requests * 2);
        const served = new Set(log.map(({ responseBody }) => responseBody.sha256));
        for (const file of first.stored.filter(({ asFetched }) => asFetched)) {
          expect(served, `${file.name} was a response body`).toContain(file.sha256);
        }
      },
    );
  });
}
