import { afterAll, describe, expect, test } from 'vitest';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { realScenarios } from '../../helpers/registries/real.ts';
import { runScenario } from '../../helpers/registries/run-scenario.ts';

const workspace = createWorkspace('real');
afterAll(() => workspace.remove());

const reasons = await Promise.all(realScenarios.map(async (scenario) => scenario.available()));

realScenarios.forEach((scenario, index) => {
  const reason = reasons[index];
  describe.skipIf(reason !== undefined)(`${scenario.name}${reason ? ` (${reason})` : ''}`, () => {
    test('runs directly and stores something', { timeout: 300_000 }, async () => {
      const { result, stored } = await runScenario(scenario, { parent: workspace.directory, baseUrl: '' });
      expect(result, result.stderr).toMatchObject({ code: 0, signal: null });
      expect(stored.length).toBeGreaterThan(0);
      expect(stored.some(({ size }) => size > 0)).toBe(true);
    });
  });
});
