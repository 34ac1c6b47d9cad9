import { join } from 'node:path';
import { npmTwin } from '../../helpers/registries/npm/npm-twin.ts';
import { runScenario } from '../../helpers/registries/run-scenario.ts';
import { registryName } from '../../helpers/registries/start-twin.ts';
import type { Arena } from '../arena.ts';
import { requireProduct } from '../choose-contenders.ts';
import { compare } from '../row.ts';
import type { Row } from '../row.ts';

const delayMs = 10;

/** Cold `npm ci` against the hermetic registry, which waits 10 ms before each response. */
export const npmCi: Row = {
  name: 'npm-ci',
  async run(arena: Arena) {
    const { packages: count, rounds } = arena.settings.sizes;
    const registry = await arena.program('registry', { directory: arena.directory, count, delayMs });
    const ca = String(registry.announced['ca']);
    const twin = npmTwin({ count });
    const samples: Record<string, number[]> = {};
    const time = async (name: string, wrapper: readonly string[], baseUrl: string): Promise<void> => {
      // npm is told whom to trust in the same way with and without proxaudit.
      const trusting = ['env', `NODE_EXTRA_CA_CERTS=${ca}`, `XDG_STATE_HOME=${arena.directory}`, ...wrapper];
      const at = { parent: arena.directory, label: name, baseUrl, wrapper: trusting };
      const { result, stored } = await runScenario(twin, at);
      if (result.code !== 0)
        throw new Error(`npm ci (${name}) ended with ${result.code}: ${result.stderr.slice(-500)}`);
      if (stored.filter(({ asFetched }) => asFetched).length !== count)
        throw new Error('not every tarball was stored');
      (samples[name] ??= []).push(result.durationMs);
    };
    const resolve = `${registryName}:443=127.0.0.1:${registry.port}`;
    const own = ['--resolve', resolve, '--upstream-ca', ca, '--summary', 'never', '--'];
    for (let round = 0; round < rounds; round += 1) {
      await time('direct', [], `https://127.0.0.1:${registry.port}`);
      requireProduct(arena);
      await time(
        'proxaudit',
        [process.execPath, join(arena.root, 'bin', 'proxaudit.js'), ...own],
        `https://${registryName}`,
      );
    }
    const comparisons = compare(samples, ['proxaudit', 'direct'], 1.1, 'lower');
    return [{ name: `npm ci of ${count} packages, ${delayMs} ms each`, unit: 'ms', samples, comparisons }];
  },
};
