import { spawn } from 'node:child_process';
import type { Served } from '../../origin/serve.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { readCgiResponse } from './cgi.ts';

/** So that commits have the same ids each time. */
export const fixedIdentity = {
  GIT_AUTHOR_NAME: 'Twin',
  GIT_AUTHOR_EMAIL: 'twin@registry.test',
  GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Twin',
  GIT_COMMITTER_EMAIL: 'twin@registry.test',
  GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
};
export const noConfiguration = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

/** Lets `git http-backend` answer, as a CGI program. */
export async function runBackend(root: string, { request, response, url }: Served): Promise<void> {
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
