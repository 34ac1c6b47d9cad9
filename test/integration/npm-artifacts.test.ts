import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Artifact } from '../../src/model/artifact.ts';
import { proxaudit, readJournal, type Journal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import type { LocalServer } from '../helpers/origin/serve.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { npmTwin } from '../helpers/registries/npm/npm-twin.ts';
import { runScenario } from '../helpers/registries/run-scenario.ts';
import { registryName, startTwin } from '../helpers/registries/start-twin.ts';
import type { Twin } from '../helpers/registries/scenario.ts';

const workspace = createWorkspace('npm-artifacts');
let authority: Authority;
let registry: LocalServer;
const twin = npmTwin({ count: 12 });

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  registry = await startTwin(twin, { authority, directory: workspace.directory });
});
afterAll(async () => {
  await registry.close();
  workspace.remove();
});

/** Runs npm in a project that `change` may alter first. */
async function run(
  scenario: Twin,
  label: string,
  change: (directory: string) => void = () => undefined,
): Promise<{ code: number | null; journal: Journal; artifacts: Artifact[] }> {
  const file = join(workspace.directory, `${label}.jsonl`);
  const own = ['-q', '--upstream-ca', authority.file, ...resolveArguments(registryName, registry)];
  const { result } = await runScenario(
    {
      ...scenario,
      async prepare(directory, baseUrl) {
        const invocation = await scenario.prepare(directory, baseUrl);
        change(directory);
        // npm asks again, with pauses of a minute, for what has the wrong digest.
        return { ...invocation, env: { ...invocation.env, npm_config_fetch_retries: '0' } };
      },
    },
    {
      parent: workspace.directory,
      label,
      baseUrl: `https://${registryName}`,
      wrapper: proxaudit(file, ...own),
    },
  );
  const journal = readJournal(file);
  const last = new Map(journal.of('artifact-recognised').map(({ artifact }) => [artifact.id, artifact]));
  return { code: result.code, journal, artifacts: [...last.values()] };
}

interface Lock {
  packages: Record<string, { version?: string; integrity?: string }>;
}
const lockIn = (directory: string): Lock =>
  JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')) as Lock;

it('npm ci: the artifacts are those of the lockfile, nothing missing, nothing extra, all locked', async () => {
  let wanted: string[] = [];
  const { code, journal, artifacts } = await run(twin, 'locked', (directory) => {
    wanted = Object.entries(lockIn(directory).packages)
      .filter(([path]) => path !== '')
      .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version ?? ''}`);
  });
  expect(code).toBe(0);
  expect(artifacts.map(({ name, version }) => `${name}@${version ?? ''}`).sort()).toEqual(wanted.sort());
  expect(new Set(artifacts.map(({ verdict }) => verdict))).toEqual(new Set(['locked']));
  const [lockfile] = journal.of('lockfile-loaded');
  expect(lockfile).toMatchObject({ path: 'package-lock.json', ecosystem: 'npm' });
  for (const { digests, exchangeIds, expected, name } of artifacts) {
    const exchange = journal.exchanges.find(({ id }) => id === exchangeIds[0]);
    expect(digests.sha256).toBe(exchange?.response?.body.sha256);
    const entry = lockfile?.entries.find((one) => one.name === name);
    expect(expected[0]).toMatchObject({ source: 'lockfile', line: entry?.line, result: 'match' });
  }
});

it('npm ci: bytes that are not those of the lockfile are a mismatch', async () => {
  const { code, artifacts } = await run(twin, 'mismatch', (directory) => {
    const lock = lockIn(directory);
    for (const entry of Object.values(lock.packages)) {
      if (entry.integrity !== undefined) entry.integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
    }
    writeFileSync(join(directory, 'package-lock.json'), JSON.stringify(lock));
  });
  expect(code).not.toBe(0);
  expect(artifacts.length).toBeGreaterThan(0);
  expect(new Set(artifacts.map(({ verdict }) => verdict))).toEqual(new Set(['mismatch']));
});

it('npm install without a lockfile: what the registry said of the bytes is all that is known', async () => {
  const { code, artifacts } = await run(npmTwin({ count: 12, command: 'install' }), 'published');
  expect(code).toBe(0);
  expect(artifacts).toHaveLength(12);
  expect(new Set(artifacts.map(({ verdict }) => verdict))).toEqual(new Set(['published']));
  expect(new Set(artifacts.map(({ identifiedBy }) => identifiedBy))).toEqual(new Set(['index']));
});
