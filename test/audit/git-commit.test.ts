import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { findGitCheckout } from '../../src/audit/git-commit.ts';
import { recordedCheckout } from '../../src/audit/recorded-checkout.ts';
import { createRedactor } from '../../src/redaction/index.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { missingCommand } from '../helpers/registries/commands.ts';

const workspace = createWorkspace('git-commit');
let count = 0;
let repository = '';

afterAll(() => {
  workspace.remove();
});

function git(cwd: string, ...args: string[]): string {
  const identity = [
    '-c',
    'user.name=Somebody',
    '-c',
    'user.email=somebody@mail.example',
    '-c',
    'commit.gpgsign=false',
  ];
  const env = { PATH: process.env['PATH'], HOME: workspace.directory, GIT_CONFIG_NOSYSTEM: '1' };
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function commit(cwd: string, text: string): string {
  writeFileSync(join(cwd, 'file'), text);
  git(cwd, 'add', 'file');
  git(cwd, 'commit', '-q', '-m', text);
  return git(cwd, 'rev-parse', 'HEAD');
}

describe.skipIf(missingCommand('git') !== undefined)(
  'the commit that is checked out is what git says (needs git)',
  () => {
    beforeEach(() => {
      count += 1;
      repository = join(workspace.directory, `repository-${count}`);
      mkdirSync(repository);
      git(repository, 'init', '-q', '-b', 'trunk');
    });

    it('on a branch, in the root and below it', () => {
      const id = commit(repository, 'one');
      mkdirSync(join(repository, 'a', 'b'), { recursive: true });
      for (const folder of ['', 'a/b']) {
        expect(findGitCheckout(join(repository, folder))).toEqual({
          commit: id,
          ref: 'refs/heads/trunk',
          prefix: folder,
        });
      }
    });

    it('on a branch with slashes in its name', () => {
      commit(repository, 'one');
      git(repository, 'checkout', '-q', '-b', 'topic/deep/er');
      const id = commit(repository, 'two');
      expect(findGitCheckout(repository)).toEqual({
        commit: id,
        ref: 'refs/heads/topic/deep/er',
        prefix: '',
      });
    });

    it('with packed refs', () => {
      const id = commit(repository, 'one');
      git(repository, 'branch', 'trunk-2');
      git(repository, 'pack-refs', '--all');
      expect(findGitCheckout(repository)).toEqual({ commit: id, ref: 'refs/heads/trunk', prefix: '' });
      const newer = commit(repository, 'two');
      expect(findGitCheckout(repository)?.commit).toBe(newer);
    });

    it('detached', () => {
      const id = commit(repository, 'one');
      commit(repository, 'two');
      git(repository, 'checkout', '-q', id);
      expect(findGitCheckout(repository)).toEqual({ commit: id, prefix: '' });
    });

    it('in a worktree, loose and packed', () => {
      commit(repository, 'one');
      const worktree = join(workspace.directory, `worktree-${count}`);
      git(repository, 'worktree', 'add', '-q', '-b', 'elsewhere', worktree);
      const id = commit(worktree, 'two');
      expect(findGitCheckout(worktree)).toEqual({ commit: id, ref: 'refs/heads/elsewhere', prefix: '' });
      git(repository, 'pack-refs', '--all');
      expect(findGitCheckout(worktree)).toEqual({ commit: id, ref: 'refs/heads/elsewhere', prefix: '' });
    });

    it('with SHA-256 object names', () => {
      rmSync(repository, { recursive: true });
      mkdirSync(repository);
      git(repository, 'init', '-q', '--object-format=sha256');
      const id = commit(repository, 'one');
      expect(id).toHaveLength(64);
      expect(findGitCheckout(repository)?.commit).toBe(id);
    });

    it('none before the first commit', () => {
      expect(findGitCheckout(repository)).toBeUndefined();
    });

    it.each([
      ['https://user:secret@forge.example/o/r.git', 'https://forge.example/o/r.git'],
      ['ssh://git@forge.example:2222/o/r.git', 'ssh://forge.example:2222/o/r.git'],
      ['git@forge.example:o/r.git', 'ssh://forge.example/o/r.git'],
      ['forge.example:/o/r', 'ssh://forge.example/o/r'],
      ['../elsewhere', undefined],
      ['/srv/git/r.git', undefined],
      ['C:/git/r.git', undefined],
      ['file:///srv/git/r.git', undefined],
      ['ext::sh -c run', undefined],
    ])('of the remote %s the journal has %s', (url, remote) => {
      commit(repository, 'one');
      git(repository, 'remote', 'add', 'origin', url);
      expect(recordedCheckout(repository, createRedactor()).git?.remote).toBe(remote);
    });

    it('the remote is that of the branch, else origin, else the only one', () => {
      commit(repository, 'one');
      const remoteOf = (folder: string) => findGitCheckout(folder)?.remote;
      expect(remoteOf(repository)).toBeUndefined();
      git(repository, 'remote', 'add', 'fork-2', 'https://forge.example/fork.git?a#b;c');
      expect(remoteOf(repository)).toBe('https://forge.example/fork.git?a#b;c');
      git(repository, 'remote', 'add', 'origin', 'https://forge.example/origin.git');
      expect(remoteOf(repository)).toBe('https://forge.example/origin.git');
      git(repository, 'config', 'branch.trunk.remote', 'fork-2');
      expect(remoteOf(repository)).toBe('https://forge.example/fork.git?a#b;c');
      expect(git(repository, 'remote', 'get-url', 'fork-2')).toBe('https://forge.example/fork.git?a#b;c');
    });

    it('a submodule has a root, a commit and a remote of its own', () => {
      commit(repository, 'one');
      const outer = join(workspace.directory, `outer-${count}`);
      mkdirSync(outer);
      git(outer, 'init', '-q', '-b', 'trunk');
      commit(outer, 'outer');
      git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repository, 'inner');
      mkdirSync(join(outer, 'inner', 'deep'));
      const checkout = findGitCheckout(join(outer, 'inner', 'deep'));
      expect(checkout).toMatchObject({ prefix: 'deep', remote: repository });
      expect(checkout?.commit).toBe(git(repository, 'rev-parse', 'HEAD'));
    });

    it('a file stands for the repository: what says what is built, else its README', () => {
      commit(repository, 'one');
      mkdirSync(join(repository, 'a'));
      expect(findGitCheckout(join(repository, 'a'))?.anchor).toBeUndefined();
      writeFileSync(join(repository, 'README.md'), '');
      expect(findGitCheckout(join(repository, 'a'))?.anchor).toBe('README.md');
      writeFileSync(join(repository, 'a', 'Cargo.toml'), '');
      expect(findGitCheckout(join(repository, 'a'))?.anchor).toBe('a/Cargo.toml');
    });

    it('a pipe, a folder or a very large file in the place of one of git’s is not waited for', () => {
      commit(repository, 'one');
      const config = join(repository, '.git', 'config');
      rmSync(config);
      spawnSync('mkfifo', [config]);
      expect(findGitCheckout(repository)).toMatchObject({ prefix: '' });
      const ref = join(repository, '.git', 'refs', 'heads', 'trunk');
      rmSync(ref);
      mkdirSync(ref);
      writeFileSync(join(repository, '.git', 'packed-refs'), 'x'.repeat(5_000_000));
      expect(findGitCheckout(repository)).toBeUndefined();
    });

    it.each([
      ['a HEAD that names a file elsewhere', 'ref: refs/../../../etc/passwd\n'],
      ['an absolute one', 'ref: /etc/passwd\n'],
      ['garbage', '\u0000\u0001'],
      ['an empty HEAD', ''],
    ])('none for %s', (_, head) => {
      commit(repository, 'one');
      writeFileSync(join(repository, '.git', 'HEAD'), head);
      expect(findGitCheckout(repository)).toBeUndefined();
    });

    it('none for what is no commit id', () => {
      writeFileSync(join(repository, '.git', 'refs', 'heads', 'trunk'), 'secret text that is no id\n');
      expect(findGitCheckout(repository)).toBeUndefined();
    });
  },
);

describe('none', () => {
  it('outside of a repository', () => {
    const folder = join(workspace.directory, 'plain');
    mkdirSync(folder);
    expect(findGitCheckout(folder)).toBeUndefined();
  });

  it('for a .git file that names nothing, and a folder that is gone', () => {
    const folder = join(workspace.directory, 'submodule');
    mkdirSync(folder);
    writeFileSync(join(folder, '.git'), 'gitdir: ../nowhere\n');
    expect(findGitCheckout(folder)).toBeUndefined();
    expect(findGitCheckout(join(workspace.directory, 'gone'))).toBeUndefined();
  });
});
