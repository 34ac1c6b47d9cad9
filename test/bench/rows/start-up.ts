import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { requireProduct } from '../choose-contenders.ts';
import { atMost, compare, exceed, type Goal, type Row, type RowResult } from '../row.ts';

/** Of one start, in milliseconds: by the clock, and of a processor (user and system). */
interface Start {
  readonly wall: number;
  readonly processor: number;
}

/** Bash tells both to a millisecond, and its own start is in neither. */
const TIMED = `TIMEFORMAT='%3R %3U %3S'; time "$@" >/dev/null 2>&1`;

function timeOnce(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Start {
  const { status, stderr } = spawnSync('bash', ['-c', TIMED, 'bash', ...argv], {
    env,
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${argv.slice(1, 3).join(' ')} ended with ${status}`);
  const [wall = 0, user = 0, system = 0] = stderr
    .trim()
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { wall, processor: user + system };
}

interface Compared {
  readonly name: string;
  readonly cwd: string;
  /** The program of Node. */
  readonly node: string;
  /** The product against `node -e 0`, and its own time beyond that; undefined where the design asks for nothing. */
  readonly ratio: Goal | undefined;
}

const OWN_MS = atMost(130, 95);
const RATIO = atMost(2.2, 1.85);

function compareStarts(arena: Arena, { name, cwd, node, ratio }: Compared): RowResult[] {
  const env = { ...process.env, XDG_STATE_HOME: mkdtempSync(join(arena.directory, 'state-')) };
  const contenders = {
    'node -e 0': [node, '-e', '0'],
    proxaudit: [node, join(arena.product, 'bin', 'proxaudit.js'), '--', 'true'],
  };
  const starts: Record<string, Start[]> = {};
  // The first start of a version of Node leaves compiled code behind.
  for (const argv of Object.values(contenders)) timeOnce(argv, env, cwd);
  for (let turn = 0; turn < arena.settings.sizes.startUps; turn += 1) {
    for (const [contender, argv] of Object.entries(contenders)) {
      (starts[contender] ??= []).push(timeOnce(argv, env, cwd));
    }
  }
  const pick = (what: keyof Start): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries(starts).map(([contender, all]) => [contender, all.map((one) => one[what])]),
    );
  const pair = ['proxaudit', 'node -e 0'] as const;
  const [wall, processor] = [pick('wall'), pick('processor')];
  const comparisons = [
    ...(ratio === undefined ? [] : compare(wall, pair, ratio)),
    ...exceed(wall, pair, OWN_MS),
  ];
  return [
    { name, unit: 'ms', samples: wall, comparisons },
    {
      name: `${name}, processor`,
      unit: 'ms',
      samples: processor,
      comparisons: exceed(processor, pair, OWN_MS),
    },
  ];
}

/** `20.19.0` of a program of Node. */
const versionOf = (node: string): string =>
  spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1);

/**
 * `proxaudit -- true` against `node -e 0`, alternating: alone, where there is a large lockfile to be read first, and on
 * other versions of Node. The quicker `node -e 0` of those makes a ratio of no use: there it is the time beyond it.
 */
export const startUp: Row = {
  name: 'start-up',
  async run(arena: Arena) {
    requireProduct(arena);
    const cwd = mkdtempSync(join(arena.directory, 'empty-'));
    const node = process.execPath;
    return Promise.resolve([
      ...compareStarts(arena, { name: 'start-up', cwd, node, ratio: RATIO }),
      ...compareStarts(arena, {
        name: 'start-up beside a package-lock of 400 packages',
        cwd: arena.root,
        node,
        ratio: RATIO,
      }),
      ...arena.settings.nodes.flatMap((other) =>
        compareStarts(arena, {
          name: `start-up, Node ${versionOf(other)}`,
          cwd,
          node: other,
          ratio: undefined,
        }),
      ),
    ]);
  },
};
