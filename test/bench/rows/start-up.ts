import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { requireProduct } from '../choose-contenders.ts';
import { compare } from '../row.ts';
import type { Row } from '../row.ts';

function timeOnce(argv: readonly string[], env: NodeJS.ProcessEnv): number {
  const [command = '', ...args] = argv;
  const started = performance.now();
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${argv.slice(1, 3).join(' ')} ended with ${status}: ${stderr.slice(-300)}`);
  return performance.now() - started;
}

/** `proxaudit -- true` against `node -e 0`, alternating. */
export const startUp: Row = {
  name: 'start-up',
  async run(arena: Arena) {
    requireProduct(arena);
    const env = { ...process.env, XDG_STATE_HOME: arena.directory };
    const product = [process.execPath, join(arena.root, 'bin', 'proxaudit.js'), '--', 'true'];
    const samples = { 'node -e 0': [] as number[], proxaudit: [] as number[] };
    for (let turn = 0; turn < arena.settings.sizes.startUps; turn += 1) {
      samples['node -e 0'].push(timeOnce([process.execPath, '-e', '0'], env));
      samples.proxaudit.push(timeOnce(product, env));
    }
    const comparisons = compare(samples, ['proxaudit', 'node -e 0'], 2.5, 'lower');
    return Promise.resolve([{ name: 'start-up', unit: 'ms', samples, comparisons }]);
  },
};
