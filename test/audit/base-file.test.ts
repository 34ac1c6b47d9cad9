import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readBaseFile } from '../../src/audit/base-file.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { missingCommand } from '../helpers/registries/commands.ts';

const workspace = createWorkspace('base-file');
const FILE = 'proxaudit.yaml';
let count = 0;
let repository = '';

afterAll(() => {
  workspace.remove();
});

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@mail.example'];
  const env = { PATH: process.env['PATH'], HOME: workspace.directory, GIT_CONFIG_NOSYSTEM: '1' };
  const own = [...identity, '-c', 'commit.gpgsign=false', ...args];
  const { status, stdout, stderr } = spawnSync('git', own, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function commit(text: string, file = FILE): string {
  const path = join(repository, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  git(repository, 'add', '.');
  git(repository, 'commit', '-q', '--allow-empty', '-m', 'x');
  return git(repository, 'rev-parse', 'HEAD');
}

const read = (env: Record<string, string> = {}, file = FILE, cwd = repository) =>
  readBaseFile(file, cwd, env);

describe.skipIf(missingCommand('git') !== undefined)('a file of the base commit (needs git)', () => {
  beforeEach(() => {
    count += 1;
    repository = join(workspace.directory, `repository-${count}`);
    mkdirSync(repository);
    git(repository, 'init', '-q', '-b', 'trunk');
  });

  it('is that of HEAD where no CI names another, whatever stands in the working tree or is staged', () => {
    const id = commit('one');
    writeFileSync(join(repository, FILE), 'two');
    expect(read()).toEqual({ named: 'HEAD', commit: id, text: 'one' });
    git(repository, 'add', '.');
    expect(read()).toEqual({ named: 'HEAD', commit: id, text: 'one' });
  });

  it('is none where the commit has none, or a directory; also below the root', () => {
    const id = commit('deep', 'a/b/proxaudit.yaml');
    expect(read()).toEqual({ named: 'HEAD', commit: id, text: null });
    expect(read({}, 'a')).toMatchObject({ problem: 'it is no regular file in the base commit' });
    expect(read({}, 'a/b/proxaudit.yaml/c')).toMatchObject({ text: null });
    for (const [file, cwd] of [
      ['a/b/proxaudit.yaml', ''],
      ['b/proxaudit.yaml', 'a'],
      [FILE, 'a/b'],
      ['../b/proxaudit.yaml', 'a/b'],
      [join(repository, 'a/b/proxaudit.yaml'), 'a'],
    ] as const)
      expect(read({}, file, join(repository, cwd))).toMatchObject({ text: 'deep' });
  });

  it('is read from packs, deltas of both kinds, worktrees and borrowed objects', () => {
    const lines = Array.from({ length: 400 }, (_, line) => `line ${line} ${'x'.repeat(line % 40)}\n`);
    const texts = Array.from({ length: 6 }, (_, index) =>
      lines.with(index * 7, `changed ${index}\n`).join(''),
    );
    const ids = texts.map((text) => commit(text));
    const expectAll = (cwd = repository) => {
      for (const [index, id] of ids.entries())
        expect(read({ CI_MERGE_REQUEST_DIFF_BASE_SHA: id }, FILE, cwd)).toEqual({
          named: 'CI_MERGE_REQUEST_DIFF_BASE_SHA',
          commit: id,
          text: texts[index],
        });
    };
    expectAll();
    git(repository, 'repack', '-q', '-a', '-d', '-f', '--depth=50');
    git(repository, 'prune-packed');
    expectAll();
    git(repository, '-c', 'repack.useDeltaBaseOffset=false', 'repack', '-q', '-a', '-d', '-f');
    expectAll();
    const worktree = join(workspace.directory, `worktree-${count}`);
    git(repository, 'worktree', 'add', '-q', '--detach', worktree);
    expectAll(worktree);
    const borrowing = join(workspace.directory, `borrowing-${count}`);
    git(workspace.directory, 'clone', '-q', '--shared', repository, borrowing);
    expectAll(borrowing);
  });

  it('is read where objects are named by SHA-256', () => {
    rmSync(repository, { recursive: true });
    mkdirSync(repository);
    git(repository, 'init', '-q', '--object-format=sha256');
    const id = commit('one', 'a/x');
    expect(read({}, 'a/x')).toEqual({ named: 'HEAD', commit: id, text: 'one' });
    git(repository, 'repack', '-q', '-a', '-d');
    git(repository, 'prune-packed');
    expect(read({}, 'a/x')).toEqual({ named: 'HEAD', commit: id, text: 'one' });
  });

  it.each([
    ['GITHUB_BASE_REF', 'trunk'],
    ['SYSTEM_PULLREQUEST_TARGETBRANCH', 'refs/heads/trunk'],
    ['BITBUCKET_PR_DESTINATION_BRANCH', 'trunk'],
    ['CHANGE_TARGET', 'trunk'],
  ])('is that of the branch that %s names, as it was fetched', (named, branch) => {
    const base = commit('base');
    git(repository, 'update-ref', 'refs/remotes/origin/trunk', base);
    commit('change');
    expect(read({ [named]: branch })).toEqual({ named, commit: base, text: 'base' });
    expect(read({ [named]: '' })).toMatchObject({ named: 'HEAD', text: 'change' });
  });

  it('is that of the parent into which GitHub merged the pull request, but of no merge that is somebody else’s', () => {
    const base = commit('base');
    git(repository, 'checkout', '-q', '-b', 'topic');
    commit('change');
    git(repository, 'checkout', '-q', 'trunk');
    git(repository, 'merge', '-q', '--no-ff', '-m', 'merge', 'topic');
    const merge = git(repository, 'rev-parse', 'HEAD');
    const env = { GITHUB_BASE_REF: 'trunk', GITHUB_SHA: merge, GITHUB_REF: 'refs/pull/7/merge' };
    expect(read(env)).toEqual({ named: 'GITHUB_BASE_REF', commit: base, text: 'base' });
    const said = {
      named: 'GITHUB_BASE_REF',
      problem: expect.stringContaining('is not in this clone') as string,
    };
    expect(read({ ...env, GITHUB_SHA: base })).toEqual(said);
    expect(read({ ...env, GITHUB_REF: 'refs/heads/trunk' })).toEqual(said);
    const event = join(workspace.directory, 'event.json');
    writeFileSync(event, JSON.stringify({ pull_request: { base: { sha: base } } }));
    expect(read({ GITHUB_BASE_REF: 'trunk', GITHUB_EVENT_PATH: event })).toMatchObject({ commit: base });
    writeFileSync(event, '{');
    expect(read({ GITHUB_BASE_REF: 'trunk', GITHUB_EVENT_PATH: event })).toEqual(said);
  });

  it('cannot be told where the clone is shallow, the object is damaged, or it is a link', () => {
    const base = commit('base');
    commit('change');
    const shallow = join(workspace.directory, `shallow-${count}`);
    git(workspace.directory, 'clone', '-q', '--depth=1', `file://${repository}`, shallow);
    expect(read({ CI_MERGE_REQUEST_DIFF_BASE_SHA: base }, FILE, shallow)).toMatchObject({
      problem: expect.stringContaining('its history may be shallow') as string,
    });
    expect(read({ CI_MERGE_REQUEST_DIFF_BASE_SHA: '../../x' })).toHaveProperty('problem');
    const blob = git(repository, 'rev-parse', 'HEAD:proxaudit.yaml');
    const other = git(repository, 'rev-parse', `${base}:proxaudit.yaml`);
    const place = (id: string) => join(repository, '.git/objects', id.slice(0, 2), id.slice(2));
    rmSync(place(blob));
    spawnSync('cp', [place(other), place(blob)]);
    expect(read()).toMatchObject({ problem: expect.stringContaining('cannot be read') as string });
    rmSync(join(repository, FILE));
    symlinkSync('elsewhere', join(repository, FILE));
    git(repository, 'add', '.');
    git(repository, 'commit', '-q', '-m', 'link');
    expect(read()).toMatchObject({ problem: 'it is no regular file in the base commit' });
  });

  it('is not known before the first commit, and is nothing outside of a repository', () => {
    expect(read()).toEqual({ named: 'HEAD', problem: 'nothing is committed yet' });
    expect(read({}, '../elsewhere.yaml')).toBeUndefined();
    expect(readBaseFile(FILE, workspace.directory, {})).toBeUndefined();
  });
});
