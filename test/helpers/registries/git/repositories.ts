import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hermeticEnvironment } from '../client-environment.ts';
import { runOffline } from '../commands.ts';
import { fixedIdentity, noConfiguration } from './backend.ts';

/** Runs git without the network, without any configuration of this machine, and answers with what it printed. */
export type Git = (...args: string[]) => string;

export function createGit(directory: string, cwd: string): Git {
  const env = hermeticEnvironment(directory, { ...noConfiguration, ...fixedIdentity });
  return (...args) => runOffline(['git', ...args], { cwd, env }).trim();
}

export interface SourceRepository {
  /** Works in its working tree. */
  readonly git: Git;
  /** Makes a commit that adds a line to a file, and answers with its id. */
  readonly commit: (message: string) => string;
  /** Writes all refs to the repository that is served. */
  readonly publish: () => void;
  /** Works in the repository that is served. */
  readonly served: Git;
}

/** A repository `NAME.git` below `root`, as `git http-backend` serves it, and the working tree that it comes of. */
export function createRepository(
  root: string,
  name: string,
  { format = 'sha1' }: { format?: 'sha1' | 'sha256' } = {},
): SourceRepository {
  const work = join(root, `${name}-work`);
  const bare = join(root, `${name}.git`);
  mkdirSync(work, { recursive: true });
  const git = createGit(root, work);
  const served = createGit(root, root);
  git('init', '-q', '-b', 'main', `--object-format=${format}`);
  served('init', '-q', '--bare', '-b', 'main', `--object-format=${format}`, bare);
  const inBare: Git = (...args) => served('--git-dir', bare, ...args);
  for (const [key, value] of [
    ['http.receivepack', 'true'],
    ['uploadpack.allowFilter', 'true'],
    ['uploadpack.allowAnySHA1InWant', 'true'],
  ] as const) {
    inBare('config', key, value);
  }
  return {
    git,
    commit(message) {
      appendFileSync(join(work, 'file.txt'), `${message}\n`);
      git('add', '.');
      git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    publish: () => void git('push', '-q', '--mirror', bare),
    served: inBare,
  };
}
