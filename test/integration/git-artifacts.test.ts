import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/model/artifact.ts';
import { proxaudit, readJournal, type Journal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { serve, type LocalServer } from '../helpers/origin/serve.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { hermeticEnvironment } from '../helpers/registries/client-environment.ts';
import { fixedIdentity, noConfiguration, runBackend } from '../helpers/registries/git/backend.ts';
import {
  createGit,
  createRepository,
  type SourceRepository,
} from '../helpers/registries/git/repositories.ts';

const workspace = createWorkspace('git-artifacts');
const root = join(workspace.directory, 'served');
const host = 'forge.test';
let authority: Authority;
let server: LocalServer;
let many: SourceRepository;
let library: SourceRepository;
let ids: Record<'first' | 'tip' | 'feature' | 'library', string>;

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  mkdirSync(root, { recursive: true });
  library = createRepository(root, 'library');
  library.commit('Library begins');
  ids = { first: '', tip: '', feature: '', library: library.commit('Library goes on') };
  library.publish();
  many = createRepository(root, 'many');
  ids.first = many.commit('Begin');
  many.git('tag', '-a', '-m', 'The first release', 'v1.0');
  many.git('tag', 'light');
  many.git('checkout', '-q', '-b', 'feature');
  ids.feature = many.commit('A feature');
  many.git('checkout', '-q', 'main');
  for (let index = 0; index < 30; index += 1) {
    many.commit(`Change ${index}`);
    many.git('branch', `branch-${index}`);
  }
  ids.tip = many.commit('The last');
  many.publish();
  server = await serve({ authority, names: [host], handle: (served) => runBackend(root, served) });
}, 120_000);
afterAll(async () => {
  await server.close();
  workspace.remove();
});

interface GitRun {
  readonly directory: string;
  readonly artifacts: readonly Artifact[];
  readonly journal: Journal;
  readonly revision: (name: string, where?: string) => string;
}

/** Runs git under proxaudit in a directory of its own. */
async function run(
  label: string,
  commands: readonly (readonly string[])[],
  prepared?: string,
): Promise<GitRun> {
  const directory = prepared ?? join(workspace.directory, label);
  mkdirSync(directory, { recursive: true });
  const file = join(workspace.directory, `${label}.jsonl`);
  const own = ['-q', '--upstream-ca', authority.file, ...resolveArguments(host, server)];
  const env = hermeticEnvironment(directory, { ...noConfiguration, ...fixedIdentity });
  const script = commands.map((words) => words.map((word) => `'${word}'`).join(' ')).join(' && ');
  const result = await runCommand([...proxaudit(file, ...own), 'sh', '-c', script], { env, cwd: directory });
  expect(result).toMatchObject({ code: 0 });
  const journal = readJournal(file);
  const last = new Map(journal.of('artifact-recognised').map(({ artifact }) => [artifact.id, artifact]));
  const git = createGit(directory, directory);
  return {
    directory,
    journal,
    artifacts: [...last.values()],
    revision: (name, where = 'clone') => git('-C', where, 'rev-parse', name),
  };
}

describe.each(['https', 'http'] as const)('over %s', (scheme) => {
  const url = (name: string): string => `${scheme}://${host}/${name}.git`;
  const commitOf = (commit: string, more: Partial<Artifact> = {}): unknown =>
    expect.objectContaining({
      ...{ class: 'commit', ecosystem: 'git', direction: 'fetched', commit, digests: { gitCommit: commit } },
      ...more,
    });

  it('a plain clone of many branches is the commit of HEAD, with all refs', async () => {
    const { artifacts, revision } = await run(`plain-${scheme}`, [
      ['git', 'clone', '-q', url('many'), 'clone'],
    ]);
    expect(revision('HEAD')).toBe(ids.tip);
    expect(artifacts).toEqual([
      commitOf(ids.tip, {
        name: `${host}/many`,
        version: ids.tip,
        purl: `pkg:generic/many@${ids.tip}?vcs_url=git%2B${scheme}:%2F%2F${host}%2Fmany.git%40${ids.tip}`,
        identifiedBy: 'embedded',
        verdict: 'unchecked',
      }),
    ]);
    const refs = artifacts[0]?.git?.refs ?? [];
    expect(refs[0]).toEqual({ name: 'refs/heads/main', object: ids.tip });
    expect(refs).toHaveLength(34);
  });

  it('a clone of a branch is its commit', async () => {
    const label = `branch-${scheme}`;
    const { artifacts, revision } = await run(label, [
      ['git', 'clone', '-q', '-b', 'feature', url('many'), 'clone'],
    ]);
    expect(revision('HEAD')).toBe(ids.feature);
    expect(artifacts).toEqual([commitOf(ids.feature)]);
  });

  it('a clone of an annotated tag is the commit that it stands for', async () => {
    const command = [
      'git',
      '-c',
      'advice.detachedHead=false',
      'clone',
      '-q',
      '-b',
      'v1.0',
      url('many'),
      'clone',
    ];
    const { artifacts, revision } = await run(`tag-${scheme}`, [command]);
    expect(revision('HEAD')).toBe(ids.first);
    expect(artifacts).toEqual([commitOf(ids.first, { version: 'v1.0' })]);
    expect(artifacts[0]?.git?.refs[0]).toEqual({ name: 'refs/tags/v1.0', object: revision('v1.0') });
  });

  it.each(['main', 'feature', 'v1.0', 'light'])('a shallow clone of %s says how deep it is', async (name) => {
    const label = `shallow-${name}-${scheme}`;
    const command = ['git', '-c', 'advice.detachedHead=false', 'clone', '-q', '--depth', '1', '-b', name];
    const { artifacts, revision } = await run(label, [[...command, url('many'), 'clone']]);
    const version = name.length === 4 && name !== 'main' ? { version: name } : {};
    expect(artifacts).toEqual([commitOf(revision('HEAD'), version)]);
    expect(artifacts[0]?.git).toMatchObject({ depth: 1 });
  });

  it.each(['blob:none', 'tree:0'])('a partial clone (%s) names no file or tree a commit', async (filter) => {
    const label = `partial-${filter.replace(':', '-')}-${scheme}`;
    const { artifacts, journal, revision } = await run(label, [
      ['git', 'clone', '-q', `--filter=${filter}`, url('many'), 'clone'],
      ['git', '-C', 'clone', 'checkout', '-q', 'feature'],
    ]);
    expect(revision('main')).toBe(ids.tip);
    expect(artifacts).toEqual([commitOf(ids.tip)]);
    expect(artifacts[0]?.git).toMatchObject({ filter });
    const packs = journal.exchanges.filter(({ request }) => request.url.endsWith('/git-upload-pack'));
    expect(packs.length).toBeGreaterThan(3);
  });

  it('a fetch of a commit by its id is that commit', async () => {
    const inClone = ['git', '-C', 'clone'];
    const { artifacts, revision } = await run(`by-id-${scheme}`, [
      ['git', 'init', '-q', 'clone'],
      [...inClone, 'fetch', '-q', '--depth', '1', url('many'), ids.first],
    ]);
    expect(revision('FETCH_HEAD')).toBe(ids.first);
    expect(artifacts).toEqual([commitOf(ids.first)]);
  });

  it('submodules are repositories of their own', async () => {
    const label = `submodule-${scheme}`;
    const parent = createRepository(root, label);
    parent.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      join(root, 'library.git'),
      'library',
    );
    parent.git('config', '-f', '.gitmodules', 'submodule.library.url', url('library'));
    const tip = parent.commit('With a submodule');
    parent.publish();
    const { artifacts, revision } = await run(label, [
      ['git', 'clone', '-q', '--recurse-submodules', url(label), 'clone'],
    ]);
    expect(revision('HEAD', 'clone/library')).toBe(ids.library);
    expect(artifacts).toEqual([
      commitOf(tip, { name: `${host}/${label}` }),
      commitOf(ids.library, { name: `${host}/library` }),
    ]);
  });
});
