import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { noConfiguration } from '../../registries/git/backend.ts';
import { createGit } from '../../registries/git/repositories.ts';
import { takenFrom, type Registry, type Stage } from '../stage.ts';

/** `git clone`: no lockfile is asked, but the commit that is told must be the one that is checked out. */
export const git: Stage = {
  client: 'git',
  needs: ['git'],
  // Repositories have no file of their own: what the good one and the evil one hold is told by their marks.
  good: Buffer.alloc(0),
  evil: Buffer.alloc(0),
  file: '/good.git',
  registry: (): Registry => new Map(),
  prepare: (directory, base) => ({
    argv: ['git', 'clone', '-q', `${base}/good.git`, 'clone'],
    env: hermeticEnvironment(directory, noConfiguration),
    cwd: directory,
  }),
  taken: (directory) => takenFrom(join(directory, 'clone/file.txt'), () => true),
  stored(directory) {
    const clone = join(directory, 'clone');
    return existsSync(join(clone, 'file.txt')) && readFileSync(join(clone, 'file.txt')).length > 0
      ? createGit(directory, clone)('rev-parse', 'HEAD')
      : undefined;
  },
};
