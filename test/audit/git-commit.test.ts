import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { findGitCommit } from '../../src/audit/git-commit.ts';
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
        expect(findGitCommit(join(repository, folder))).toEqual({ commit: id, ref: 'refs/heads/trunk' });
      }
    });

    it('on a branch with slashes in its name', () => {
      commit(repository, 'one');
      git(repository, 'checkout', '-q', '-b', 'topic/deep/er');
      const id = commit(repository, 'two');
      expect(findGitCommit(repository)).toEqual({ commit: id, ref: 'refs/heads/topic/deep/er' });
    });

    it('with packed refs', () => {
      const id = commit(repository, 'one');
      git(repository, 'branch', 'trunk-2');
      git(repository, 'pack-refs', '--all');
      expect(findGitCommit(repository)).toEqual({ commit: id, ref: 'refs/heads/trunk' });
      const newer = commit(repository, 'two');
      expect(findGitCommit(repository)?.commit).toBe(newer);
    });

    it('detached', () => {
      const id = commit(repository, 'one');
      commit(repository, 'two');
      git(repository, 'checkout', '-q', id);
      expect(findGitCommit(repository)).toEqual({ commit: id });
    });

    it('in a worktree, loose and packed', () => {
      commit(repository, 'one');
      const worktree = join(workspace.directory, `worktree-${count}`);
      git(repository, 'worktree', 'add', '-q', '-b', 'elsewhere', worktree);
      const id = commit(worktree, 'two');
      expect(findGitCommit(worktree)).toEqual({ commit: id, ref: 'refs/heads/elsewhere' });
      git(repository, 'pack-refs', '--all');
      expect(findGitCommit(worktree)).toEqual({ commit: id, ref: 'refs/heads/elsewhere' });
    });

    it('with SHA-256 object names', () => {
      rmSync(repository, { recursive: true });
      mkdirSync(repository);
      git(repository, 'init', '-q', '--object-format=sha256');
      const id = commit(repository, 'one');
      expect(id).toHaveLength(64);
      expect(findGitCommit(repository)?.commit).toBe(id);
    });

    it('none before the first commit', () => {
      expect(findGitCommit(repository)).toBeUndefined();
    });

    it.each([
      ['a HEAD that names a file elsewhere', 'ref: refs/../../../etc/passwd\n'],
      ['an absolute one', 'ref: /etc/passwd\n'],
      ['garbage', '\u0000\u0001'],
      ['an empty HEAD', ''],
    ])('none for %s', (_, head) => {
      commit(repository, 'one');
      writeFileSync(join(repository, '.git', 'HEAD'), head);
      expect(findGitCommit(repository)).toBeUndefined();
    });

    it('none for what is no commit id', () => {
      writeFileSync(join(repository, '.git', 'refs', 'heads', 'trunk'), 'secret text that is no id\n');
      expect(findGitCommit(repository)).toBeUndefined();
    });
  },
);

describe('none', () => {
  it('outside of a repository', () => {
    const folder = join(workspace.directory, 'plain');
    mkdirSync(folder);
    expect(findGitCommit(folder)).toBeUndefined();
  });

  it('for a .git file that names nothing, and a folder that is gone', () => {
    const folder = join(workspace.directory, 'submodule');
    mkdirSync(folder);
    writeFileSync(join(folder, '.git'), 'gitdir: ../nowhere\n');
    expect(findGitCommit(folder)).toBeUndefined();
    expect(findGitCommit(join(workspace.directory, 'gone'))).toBeUndefined();
  });
});
