import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/model/artifact.ts';
import { proxaudit, readJournal, type Journal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { randomBody, sha256 } from '../helpers/origin/random.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { missingCommand } from '../helpers/registries/commands.ts';
import { serve, type LocalServer } from '../helpers/origin/serve.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { hermeticEnvironment } from '../helpers/registries/client-environment.ts';
import { fixedIdentity, noConfiguration, runBackend } from '../helpers/registries/git/backend.ts';
import { LfsServer } from '../helpers/registries/git/lfs-server.ts';
import {
  createGit,
  createRepository,
  type SourceRepository,
} from '../helpers/registries/git/repositories.ts';
import { serveDirectory } from '../helpers/registries/static-files.ts';

const workspace = createWorkspace('git-artifacts');
const root = join(workspace.directory, 'served');
const host = 'forge.test';
const lfs = new LfsServer();
const missing = missingCommand('git-lfs');
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
  server = await serve({
    ...{ authority, names: [host] },
    handle(served) {
      if (lfs.handle(served)) return;
      return served.url.pathname.startsWith('/dumb')
        ? serveDirectory(root)(served)
        : runBackend(root, served);
    },
  });
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

const commitOf = (commit: string, more: Partial<Artifact> = {}): unknown =>
  expect.objectContaining({
    ...{ class: 'commit', ecosystem: 'git', direction: 'fetched', commit, digests: { gitCommit: commit } },
    ...more,
  });

describe.each(['https', 'http'] as const)('over %s', (scheme) => {
  const url = (name: string): string => `${scheme}://${host}/${name}.git`;

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

  it('a push is sent, with what the branch was before', async () => {
    const label = `push-${scheme}`;
    const repository = createRepository(root, label);
    const before = repository.commit('Before');
    repository.publish();
    const inClone = ['git', '-C', 'clone'];
    const { artifacts, revision } = await run(label, [
      ['git', 'clone', '-q', url(label), 'clone'],
      [...inClone, 'commit', '-q', '--allow-empty', '-m', 'After'],
      [...inClone, 'push', '-q', 'origin', 'main', 'main:other'],
    ]);
    const after = revision('HEAD');
    expect(repository.served('rev-parse', 'main')).toBe(after);
    expect(artifacts).toEqual([commitOf(before), commitOf(after, { direction: 'sent' })]);
    expect(artifacts[1]?.git?.refs).toEqual([
      { name: 'refs/heads/main', object: after, before },
      { name: 'refs/heads/other', object: after },
    ]);
  });
});

const url = (name: string): string => `https://${host}/${name}.git`;
const inClone = ['git', '-C', 'clone'];

describe('however git speaks', () => {
  it.each(['0', '1', '2'])('version %s of the protocol', async (version) => {
    const git = ['git', '-c', `protocol.version=${version}`];
    const { artifacts, revision, journal } = await run(`version-${version}`, [
      [...git, 'clone', '-q', url('many'), 'clone'],
      [...git, '-C', 'clone', 'fetch', '-q', '--depth', '1', url('library'), 'main'],
    ]);
    expect(revision('HEAD')).toBe(ids.tip);
    expect(artifacts).toEqual([commitOf(ids.tip), commitOf(ids.library)]);
    expect(artifacts[0]?.git?.refs).toHaveLength(34);
    // Many wants are compressed.
    const encodings = journal.exchanges.map(({ request }) => request.headers['content-encoding']);
    expect(encodings).toContain('gzip');
  });

  it('in chunks, where a request is larger than its buffer', async () => {
    const repository = createRepository(root, 'chunked');
    repository.commit('Before');
    repository.publish();
    const small = ['git', '-c', 'http.postBuffer=65536', '-C', 'clone'];
    const { artifacts, revision } = await run('chunked', [
      ['git', 'clone', '-q', url('chunked'), 'clone'],
      ['sh', '-c', 'head -c 3000000 /dev/urandom > clone/large.bin'],
      [...inClone, 'add', '.'],
      [...inClone, 'commit', '-q', '-m', 'Large'],
      [...small, 'push', '-q'],
    ]);
    expect(artifacts[1]).toEqual(commitOf(revision('HEAD'), { direction: 'sent', identifiedBy: 'embedded' }));
    expect(artifacts[1]?.size).toBeGreaterThan(3_000_000);
    const pushes = server.log.filter(({ path }) => path === '/chunked.git/git-receive-pack');
    const lengths = pushes.map(({ headers }) => headers.find(([name]) => /^content-length$/i.test(name)));
    expect(lengths.at(-1)).toBeUndefined();
  });

  it('when there is nothing new, and when there is', async () => {
    const repository = createRepository(root, 'growing');
    const first = repository.commit('First');
    repository.publish();
    const fetched = await run('growing', [['git', 'clone', '-q', url('growing'), 'clone']]);
    expect(fetched.artifacts).toEqual([commitOf(first)]);
    const fetch = [[...inClone, 'fetch', '-q']];
    expect((await run('nothing-new', fetch, fetched.directory)).artifacts).toEqual([]);
    const second = repository.commit('Second');
    repository.git('branch', 'new');
    const third = repository.commit('Third');
    repository.publish();
    const { artifacts } = await run('something-new', fetch, fetched.directory);
    expect(new Set(artifacts.map(({ commit }) => commit))).toEqual(new Set([second, third]));
  });

  it('with ids of SHA-256', async () => {
    const repository = createRepository(root, 'sha256', { format: 'sha256' });
    repository.commit('First');
    repository.git('tag', '-a', '-m', 'One', 'v1');
    const tip = repository.commit('Second');
    repository.publish();
    const { artifacts, revision } = await run('sha256', [
      ['git', 'clone', '-q', url('sha256'), 'clone'],
      [
        'git',
        '-c',
        'advice.detachedHead=false',
        'clone',
        '-q',
        '--depth=1',
        '-b',
        'v1',
        url('sha256'),
        'tag',
      ],
      [...inClone, 'commit', '-q', '--allow-empty', '-m', 'Third'],
      [...inClone, 'push', '-q'],
    ]);
    expect(tip).toHaveLength(64);
    expect(artifacts).toEqual([
      commitOf(tip),
      commitOf(revision('HEAD', 'tag'), { version: 'v1' }),
      commitOf(revision('HEAD'), { direction: 'sent' }),
    ]);
  });

  it('a mirror has all refs', async () => {
    const { artifacts } = await run('mirror', [['git', 'clone', '-q', '--mirror', url('many'), 'clone']]);
    expect(artifacts).toEqual([commitOf(ids.tip)]);
    expect(artifacts[0]?.git?.refs).toHaveLength(34);
  });

  it('of a plain file server, nothing is named wrongly', async () => {
    const repository = createRepository(root, 'dumb');
    repository.commit('Content');
    repository.publish();
    repository.served('update-server-info');
    const { artifacts, revision, journal } = await run('dumb', [
      ['git', 'clone', '-q', url('dumb'), 'clone'],
    ]);
    expect(revision('HEAD')).toHaveLength(40);
    expect(journal.exchanges.length).toBeGreaterThan(4);
    expect(artifacts).toEqual([]);
  });
});

describe('large files', () => {
  const content = randomBody(400_000, 'large file');
  const oid = sha256(content);
  const large = {
    ...{ class: 'blob', ecosystem: 'lfs', purl: null, name: `${host}/large`, version: `sha256:${oid}` },
    ...{ size: content.length, digests: { sha256: oid }, verdict: 'published' },
  };

  it.skipIf(missing)(
    `are sent, fetched and checked${missing === undefined ? '' : ` (${missing})`}`,
    async () => {
      const repository = createRepository(root, 'large');
      repository.commit('First');
      repository.publish();
      const directory = join(workspace.directory, 'large');
      mkdirSync(directory);
      writeFileSync(join(directory, 'content.bin'), content);
      const lfsIn = (clone: string): string[] => ['git', '-C', clone, 'lfs', 'install', '--local'];
      const sent = await run('large', [
        ['git', 'clone', '-q', url('large'), 'clone'],
        lfsIn('clone'),
        [...inClone, 'lfs', 'track', '*.bin'],
        ['cp', 'content.bin', 'clone/content.bin'],
        [...inClone, 'add', '.'],
        [...inClone, 'commit', '-q', '-m', 'Large'],
        [...inClone, 'push', '-q'],
      ]);
      expect(sent.artifacts.filter(({ ecosystem }) => ecosystem === 'lfs')).toMatchObject([
        { ...large, direction: 'sent', expected: [{ source: 'index', result: 'match' }] },
      ]);
      const fetch = (name: string): (readonly string[])[] => [
        ['git', 'clone', '-q', url('large'), name],
        lfsIn(name),
        ['git', '-C', name, 'lfs', 'pull'],
      ];
      const fetched = await run('large-fetched', fetch('clone'));
      expect(fetched.artifacts).toMatchObject([{ class: 'commit' }, { ...large, direction: 'fetched' }]);
      expect(readFileSync(join(fetched.directory, 'clone/content.bin')).equals(content)).toBe(true);
      lfs.objects.set(oid, Buffer.concat([content.subarray(1), Buffer.from('!')]));
      const [pull = []] = fetch('clone').slice(-1);
      const tampered = await run('large-tampered', [
        ...fetch('clone').slice(0, -1),
        ['sh', '-c', `${pull.join(' ')} || true`],
      ]);
      expect(tampered.artifacts.filter(({ ecosystem }) => ecosystem === 'lfs')).toMatchObject([
        { verdict: 'mismatch', version: `sha256:${oid}` },
      ]);
    },
  );
});
