import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmTwin } from '../../helpers/registries/npm/npm-twin.ts';
import { runScenario } from '../../helpers/registries/run-scenario.ts';
import { registryName } from '../../helpers/registries/start-twin.ts';
import { requireProduct } from '../choose-contenders.ts';
import { readTimes } from '../process-memory.ts';
import { atMost, compare } from '../row.ts';
import type { Row } from '../row.ts';

const delayMs = 10;

/** Keeps what all its descendants took of a processor. */
const TIMED = 'file=$1; shift; "$@"; status=$?; cat /proc/$$/stat >"$file"; exit $status';
const timed = (file: string): string[] => ['sh', '-c', TIMED, 'sh', file];

function readDescendantsMs(file: string): number {
  const [, , user = 0, system = 0] = readTimes(readFileSync(file, 'utf8'));
  return user + system;
}

/** Cold `npm ci` against the hermetic registry, which waits 10 ms before each response. */
export const npmCi: Row = {
  name: 'npm-ci',
  async run(arena) {
    requireProduct(arena);
    const { packages: count, npmRounds } = arena.settings.sizes;
    const registry = await arena.program('registry', { directory: arena.directory, count, delayMs });
    const ca = String(registry.announced['ca']);
    const twin = npmTwin({ count });
    const samples: Record<string, number[]> = {};
    const processor: Record<string, number[]> = {};
    const [all, npm] = [join(arena.directory, 'all.stat'), join(arena.directory, 'npm.stat')];
    const time = async (name: string, wrapper: readonly string[], baseUrl: string): Promise<void> => {
      // npm is told whom to trust in the same way with and without proxaudit.
      const trusting = ['env', `NODE_EXTRA_CA_CERTS=${ca}`, `XDG_STATE_HOME=${arena.directory}`];
      const timing = [...timed(all), ...wrapper, ...timed(npm)];
      const at = { parent: arena.directory, label: name, baseUrl, wrapper: [...trusting, ...timing] };
      const { result, stored } = await runScenario(twin, at);
      if (result.code !== 0)
        throw new Error(`npm ci (${name}) ended with ${result.code}: ${result.stderr.slice(-500)}`);
      if (stored.filter(({ asFetched }) => asFetched).length !== count)
        throw new Error('not every tarball was stored');
      (samples[name] ??= []).push(result.durationMs);
      const npmMs = readDescendantsMs(npm);
      (processor[`npm, ${name}`] ??= []).push(npmMs);
      if (wrapper.length > 0) (processor[name] ??= []).push(readDescendantsMs(all) - npmMs);
    };
    const resolve = `${registryName}:443=127.0.0.1:${registry.port}`;
    const own = ['--resolve', resolve, '--upstream-ca', ca, '--summary', 'never', '--'];
    const product = [process.execPath, join(arena.product, 'bin', 'proxaudit.js'), ...own];
    for (let round = 0; round < npmRounds; round += 1) {
      await time('direct', [], `https://127.0.0.1:${registry.port}`);
      await time('proxaudit', product, `https://${registryName}`);
    }
    const name = `npm ci of ${count} packages, ${delayMs} ms each`;
    return [
      {
        name,
        unit: 'ms',
        samples,
        comparisons: compare(samples, ['proxaudit', 'direct'], atMost(1.12, 1.06)),
      },
      {
        name: `${name}, processor`,
        unit: 'ms',
        samples: processor,
        comparisons: compare(processor, ['proxaudit', 'npm, direct'], atMost(0.25, 0.12)),
      },
    ];
  },
};
