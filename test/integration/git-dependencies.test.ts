import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxaudit, readJournal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { serve, type LocalServer } from '../helpers/origin/serve.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { hermeticEnvironment } from '../helpers/registries/client-environment.ts';
import { missingCommand } from '../helpers/registries/commands.ts';
import { noConfiguration, runBackend } from '../helpers/registries/git/backend.ts';
import { createRepository } from '../helpers/registries/git/repositories.ts';

const workspace = createWorkspace('git-dependencies');
const root = join(workspace.directory, 'served');
const host = 'forge.test';
const url = `https://${host}/dep.git`;
let authority: Authority;
let server: LocalServer;
let older: string;
let tip: string;

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  const dependency = createRepository(root, 'dep');
  const work = join(root, 'dep-work');
  mkdirSync(join(work, 'src'));
  writeFileSync(join(work, 'src/lib.rs'), 'pub fn f() {}\n');
  writeFileSync(join(work, 'Cargo.toml'), '[package]\nname = "dep"\nversion = "1.0.0"\nedition = "2021"\n');
  writeFileSync(join(work, 'package.json'), '{ "name": "dep", "version": "1.0.0" }\n');
  older = dependency.commit('First');
  appendFileSync(join(work, 'src/lib.rs'), 'pub fn g() {}\n');
  tip = dependency.commit('Second');
  dependency.publish();
  server = await serve({ authority, names: [host], handle: (served) => runBackend(root, served) });
});
afterAll(async () => {
  await server.close();
  workspace.remove();
});

interface Project {
  readonly tool: string;
  readonly argv: readonly string[];
  readonly files: (commit: string) => Readonly<Record<string, string>>;
}

const projects: readonly Project[] = [
  {
    tool: 'cargo',
    argv: ['cargo', 'fetch', '--locked'],
    files: (commit) => ({
      'src/main.rs': 'fn main() {}\n',
      'Cargo.toml': `[package]\nname = "project"\nversion = "1.0.0"\nedition = "2021"\n[dependencies]\ndep = { git = "${url}" }\n`,
      'Cargo.lock': `version = 3\n\n[[package]]\nname = "dep"\nversion = "1.0.0"\nsource = "git+${url}#${commit}"\n\n[[package]]\nname = "project"\nversion = "1.0.0"\ndependencies = [\n "dep",\n]\n`,
    }),
  },
  {
    tool: 'npm',
    argv: ['npm', 'ci', '--no-audit', '--no-fund', '--fetch-retries=0'],
    files: (commit) => ({
      'package.json': `{ "name": "project", "version": "1.0.0", "dependencies": { "dep": "git+${url}" } }`,
      'package-lock.json': JSON.stringify({
        ...{ name: 'project', version: '1.0.0', lockfileVersion: 3, requires: true },
        packages: {
          '': { name: 'project', version: '1.0.0', dependencies: { dep: `git+${url}` } },
          'node_modules/dep': { version: '1.0.0', resolved: `git+${url}#${commit}` },
        },
      }),
    }),
  },
];

/** The commits that a project's tool fetches, with the verdicts, when its lockfile names `commit`. */
async function fetchLocked({ tool, argv, files }: Project, commit: string): Promise<unknown[]> {
  const label = `${tool}-${commit.slice(0, 7)}`;
  const directory = join(workspace.directory, label);
  mkdirSync(join(directory, 'src'), { recursive: true });
  for (const [name, text] of Object.entries(files(commit))) writeFileSync(join(directory, name), text);
  const file = join(workspace.directory, `${label}.jsonl`);
  const own = ['-q', '--upstream-ca', authority.file, ...resolveArguments(host, server)];
  const settings = { ...noConfiguration, npm_config_update_notifier: 'false' };
  const env = hermeticEnvironment(join(workspace.directory, `${label}-home`), settings);
  const result = await runCommand([...proxaudit(file, ...own), ...argv], { env, cwd: directory });
  expect(result).toMatchObject({ code: 0 });
  const told = readJournal(file).of('artifact-recognised');
  const last = new Map(told.map(({ artifact }) => [artifact.id, artifact]));
  return [...last.values()].map((artifact) => [artifact.ecosystem, artifact.commit, artifact.verdict]);
}

describe.each(projects)('a dependency from git that $tool fetches', (project) => {
  const missing = missingCommand(project.tool) ?? missingCommand('git');
  const reason = missing === undefined ? '' : ` (${missing})`;

  it.skipIf(missing)(`is locked, though a branch with newer commits was asked for${reason}`, async () => {
    expect(await fetchLocked(project, older)).toEqual([
      ['git', tip, 'unchecked'],
      ['git', older, 'locked'],
    ]);
  });

  it.skipIf(missing)(`is locked where it is the branch's commit${reason}`, async () => {
    expect(await fetchLocked(project, tip)).toEqual([['git', tip, 'locked']]);
  });
});
