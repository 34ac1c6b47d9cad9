import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { requireProduct } from '../choose-contenders.ts';
import { compare } from '../row.ts';
import type { Row, RowResult } from '../row.ts';

function timeOnce(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): number {
  const [command = '', ...args] = argv;
  const started = performance.now();
  const { status, stderr } = spawnSync(command, args, { env, cwd, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${argv.slice(1, 3).join(' ')} ended with ${status}: ${stderr.slice(-300)}`);
  return performance.now() - started;
}

function compareStarts(arena: Arena, name: string, cwd: string): RowResult {
  const env = { ...process.env, XDG_STATE_HOME: arena.directory };
  const product = [process.execPath, join(arena.root, 'bin', 'proxaudit.js'), '--', 'true'];
  const samples = { 'node -e 0': [] as number[], proxaudit: [] as number[] };
  for (let turn = 0; turn < arena.settings.sizes.startUps; turn += 1) {
    samples['node -e 0'].push(timeOnce([process.execPath, '-e', '0'], env, cwd));
    samples.proxaudit.push(timeOnce(product, env, cwd));
  }
  return {
    name,
    unit: 'ms',
    samples,
    comparisons: compare(samples, ['proxaudit', 'node -e 0'], 2.5, 'lower'),
  };
}

/** `proxaudit -- true` against `node -e 0`, alternating: alone, and where there is a large lockfile to be read first. */
export const startUp: Row = {
  name: 'start-up',
  async run(arena: Arena) {
    requireProduct(arena);
    const empty = mkdtempSync(join(arena.directory, 'empty-'));
    return Promise.resolve([
      compareStarts(arena, 'start-up', empty),
      compareStarts(arena, 'start-up beside a package-lock of 400 packages', arena.root),
    ]);
  },
};
