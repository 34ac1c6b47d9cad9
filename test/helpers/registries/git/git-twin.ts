import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand, runOffline } from '../commands.ts';
import type { Handler, Invocation, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { fixedIdentity, noConfiguration, runBackend } from './backend.ts';

/** A repository behind git's own smart HTTP server, and `git clone`. */
export const gitTwin: Twin = {
  name: 'git-clone',
  tools: ['git'],
  version: ['git', '--version'],
  available: () => missingCommand('git'),
  createHandler: serveRepository,
  prepare: prepareClone,
  // The pack is rebuilt by the client, the working tree and the pack's name (its checksum) are not.
  stored: (directory) =>
    storedBelow(join(directory, 'clone'), { only: /^(?!\.git\/)|\.pack$/, asFetched: false }),
};

function createRepository(directory: string): void {
  const env = hermeticEnvironment(directory, { ...noConfiguration, ...fixedIdentity });
  const work = join(directory, 'work');
  const git = (...args: string[]): string =>
    runOffline(['git', '-C', work, ...args], { cwd: directory, env });
  mkdirSync(work);
  git('init', '-q', '-b', 'main');
  for (let index = 0; index < 20; index += 1) {
    writeFileSync(join(work, `file-${index}.bin`), randomBody(1000 * index + 500, `git ${index}`));
    git('add', '.');
    git('commit', '-q', '-m', `Change ${index}`);
  }
  git('clone', '-q', '--bare', work, join(directory, 'repository.git'));
  // One thread, so that the pack is the same each time.
  git('--git-dir', join(directory, 'repository.git'), 'config', 'pack.threads', '1');
}

function serveRepository(directory: string): Handler {
  createRepository(directory);
  return (served) => runBackend(directory, served);
}

function prepareClone(directory: string, baseUrl: string): Invocation {
  return {
    argv: ['git', 'clone', '-q', `${baseUrl}/repository.git`, 'clone'],
    env: hermeticEnvironment(directory, noConfiguration),
    cwd: directory,
  };
}
