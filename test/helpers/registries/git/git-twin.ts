import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import type { Served } from '../../origin/serve.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand, runOffline } from '../commands.ts';
import type { Handler, Invocation, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { readCgiResponse } from './cgi.ts';

const fixedIdentity = {
  GIT_AUTHOR_NAME: 'Twin',
  GIT_AUTHOR_EMAIL: 'twin@registry.test',
  GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Twin',
  GIT_COMMITTER_EMAIL: 'twin@registry.test',
  GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
};
const noConfiguration = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

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

/** Lets `git http-backend` answer, as a CGI program. */
async function runBackend(root: string, { request, response, url }: Served): Promise<void> {
  const env = {
    ...hermeticEnvironment(root, noConfiguration),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: request.method,
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: request.headers['content-length'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    REMOTE_ADDR: '127.0.0.1',
  };
  const backend = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  const { status, headers, rest } = await readCgiResponse(backend.stdout);
  response.writeHead(status, headers);
  response.write(rest);
  backend.stdout.pipe(response);
}

function prepareClone(directory: string, baseUrl: string): Invocation {
  return {
    argv: ['git', 'clone', '-q', `${baseUrl}/repository.git`, 'clone'],
    env: hermeticEnvironment(directory, noConfiguration),
    cwd: directory,
  };
}
