import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Artifact } from '../../src/model/artifact.ts';
import { proxaudit, readJournal, type Journal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import type { LocalServer } from '../helpers/origin/serve.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { npmTwin } from '../helpers/registries/npm/npm-twin.ts';
import { registryName, startTwin } from '../helpers/registries/start-twin.ts';

const workspace = createWorkspace('lockfile-places');
const twin = npmTwin({ count: 6 });
let authority: Authority;
let registry: LocalServer;

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  registry = await startTwin(twin, { authority, directory: workspace.directory });
});
afterAll(async () => {
  await registry.close();
  workspace.remove();
});

interface Ran {
  readonly code: number | null;
  readonly journal: Journal;
  readonly lockfiles: readonly (readonly [path: string, place: string | undefined])[];
  readonly artifacts: readonly Artifact[];
}

/** Runs a command in a directory whose folder `web` has npm's project; `cwd` is below it. */
async function run(label: string, command: readonly string[], cwd = '.'): Promise<Ran> {
  const directory = join(workspace.directory, label);
  mkdirSync(directory, { recursive: true });
  const { env } = await twin.prepare(directory, `https://${registryName}`);
  for (const folder of ['web', '.git', cwd]) mkdirSync(join(directory, folder), { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    renameSync(join(directory, name), join(directory, 'web', name));
  const file = join(workspace.directory, `${label}.jsonl`);
  const own = ['-q', '--upstream-ca', authority.file, ...resolveArguments(registryName, registry)];
  const result = await runCommand([...proxaudit(file, ...own), ...command], {
    env,
    cwd: join(directory, cwd),
  });
  const journal = readJournal(file);
  const last = new Map(journal.of('artifact-recognised').map(({ artifact }) => [artifact.id, artifact]));
  return {
    code: result.code,
    journal,
    lockfiles: journal.of('lockfile-loaded').map(({ path, place }) => [path, place] as const),
    artifacts: [...last.values()],
  };
}

const verdictsOf = ({ artifacts }: Ran): string[] => artifacts.map(({ verdict }) => verdict);
const six = (verdict: string): string[] => Array.from({ length: 6 }, () => verdict);

it.each([
  ['where the process works', ['sh', '-c', 'cd web && npm ci'], '.', ['web/package-lock.json', 'web']],
  ['where it is told to work', ['sh', '-c', 'npm ci --prefix web'], '.', ['web/package-lock.json', 'web']],
  ['where the command says', ['npm', '--prefix', 'web', 'ci'], '.', ['web/package-lock.json', undefined]],
  ['above where it is started', ['npm', 'ci'], 'web/src', ['../package-lock.json', undefined]],
] as const)('a lockfile is found %s', async (label, command, cwd, lockfile) => {
  const ran = await run(label.replaceAll(' ', '-'), command, cwd);
  expect([ran.code, ran.lockfiles]).toEqual([0, [lockfile]]);
  expect(verdictsOf(ran)).toEqual(six('locked'));
  for (const { expected } of ran.artifacts)
    expect(expected[0]).toMatchObject({ source: 'lockfile', from: lockfile[0], result: 'match' });
});

it('a lockfile says nothing of what another project fetches', async () => {
  const other = 'mkdir other && cp web/package.json other && cd other && npm install';
  const ran = await run('other-project', ['sh', '-c', `(cd web; npm view .) ; ${other}`]);
  expect([ran.code, ran.lockfiles]).toEqual([0, [['web/package-lock.json', 'web']]]);
  expect(verdictsOf(ran)).toEqual(six('published'));
});

it('a lockfile of any project that fetched it accounts for what two of them fetched', async () => {
  const other = 'mkdir other && cp web/package.json other && cd other && npm install';
  const ran = await run('both', ['sh', '-c', `(${other}) && rm -rf cache && cd web && npm ci`]);
  expect([ran.code, ran.lockfiles]).toEqual([0, [['web/package-lock.json', 'web']]]);
  expect(verdictsOf(ran)).toEqual(six('locked'));
});

it('a lockfile that the run wrote itself is told, and not trusted', async () => {
  const ran = await run('new', ['sh', '-c', 'cp -r web fresh && cd fresh && npm ci']);
  expect([ran.code, ran.lockfiles]).toEqual([0, []]);
  expect(verdictsOf(ran)).toEqual(six('unchecked'));
  const [spot] = ran.journal.of('blind-spot').filter(({ kind }) => kind === 'lockfile-new');
  expect(spot).toMatchObject({ subject: 'fresh/package-lock.json' });
});
