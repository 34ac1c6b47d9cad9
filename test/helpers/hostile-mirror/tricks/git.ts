import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { noConfiguration } from '../../registries/git/backend.ts';
import { createRepository } from '../../registries/git/repositories.ts';
import { redirect, type Answer, type Asked, type Reply } from '../reply.ts';
import type { Registry } from '../stage.ts';
import type { Trick } from '../trick.ts';

/** What the mirror makes of an honest server's answers: to the discovery of refs, and to what is asked for then. */
interface GitTrick {
  readonly id: string;
  readonly kind: Trick['kind'];
  readonly says: string;
  readonly discovery?: (honest: Reply, base: string) => Reply;
  readonly result?: (honest: Reply) => Reply;
  /** The repository that answers each; default `good`. */
  readonly from?: { readonly discovery?: 'evil'; readonly result?: 'evil' };
}

const tricks: readonly GitTrick[] = [
  { id: 'honest', kind: 'bytes', says: 'nothing: the good repository' },
  {
    id: 'other-repository',
    kind: 'bytes',
    says: 'another repository',
    from: { discovery: 'evil', result: 'evil' },
  },
  {
    id: 'refs-of-other',
    kind: 'index',
    says: 'the refs of another repository, and the good one’s objects',
    from: { discovery: 'evil' },
  },
  {
    id: 'objects-of-other',
    kind: 'bytes',
    says: 'the good refs, and objects of another repository',
    from: { result: 'evil' },
  },
  {
    id: 'led-away',
    kind: 'redirect',
    says: 'a redirect to another repository',
    discovery: (_, base) => redirect(`${base}/evil.git/info/refs?service=git-upload-pack`),
  },
  {
    id: 'bytes-behind',
    kind: 'framing',
    says: 'bytes behind the last packet',
    result: (honest) => ({ ...honest, body: Buffer.concat([Buffer.from(honest.body), Buffer.from('more')]) }),
  },
  { id: 'gzip', kind: 'coding', says: 'answers encoded by gzip', result: encoded },
  {
    id: 'gzip-then-more',
    kind: 'coding',
    says: 'the same, with bytes behind',
    result: (honest) => {
      const reply = encoded(honest);
      return {
        ...reply,
        body: Buffer.concat([Buffer.from(reply.body), Buffer.alloc(64), Buffer.from('more')]),
      };
    },
  },
  {
    id: 'status-203',
    kind: 'status',
    says: 'objects with status 203',
    result: (honest) => ({ ...honest, status: 203 }),
  },
  {
    id: 'other-type',
    kind: 'header',
    says: 'objects with another content type',
    result: (honest) => ({ ...honest, headers: [['Content-Type', 'text/plain']] }),
  },
  {
    id: 'chunked',
    kind: 'framing',
    says: 'objects in chunks',
    result: (honest) => ({ ...honest, framing: 'chunked' }),
  },
  {
    id: 'head-of-other-branch',
    kind: 'index',
    says: 'a HEAD that is said to be another branch',
    discovery: (honest) => ({
      ...honest,
      body: replaced(honest.body, 'symref=HEAD:refs/heads/main', 'symref=HEAD:refs/heads/none'),
    }),
    result: (honest) => ({
      ...honest,
      body: replaced(honest.body, 'symref-target:refs/heads/main', 'symref-target:refs/heads/none'),
    }),
  },
];

function encoded(honest: Reply): Reply {
  return {
    ...honest,
    headers: [...(honest.headers ?? []), ['Content-Encoding', 'gzip']],
    body: gzipSync(honest.body),
  };
}

function replaced(body: Buffer | string, text: string, by: string): Buffer {
  return Buffer.from(Buffer.from(body).toString('latin1').replace(text, by), 'latin1');
}

/** Two repositories that have nothing in common; made once. */
function rootIn(directory: string): string {
  const root = join(directory, 'repositories');
  if (existsSync(root)) return root;
  for (const mark of ['good', 'evil']) {
    const repository = createRepository(root, mark);
    repository.commit(`taken: ${mark}`);
    repository.publish();
  }
  return root;
}

/** What git's own server answers, whole. */
async function askBackend(root: string, name: string, { method, path, body, header }: Asked): Promise<Reply> {
  const [place = '', query = ''] = path.split('?');
  const env = {
    ...hermeticEnvironment(root, noConfiguration),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: method,
    PATH_INFO: place.replace(/^\/\w+\.git/, `/${name}.git`),
    QUERY_STRING: query,
    CONTENT_TYPE: header('content-type') ?? '',
    HTTP_CONTENT_ENCODING: header('content-encoding') ?? '',
    GIT_PROTOCOL: header('git-protocol') ?? '',
    REMOTE_ADDR: '127.0.0.1',
  };
  const backend = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  backend.stdin.on('error', () => undefined);
  backend.stdin.end(body);
  const chunks: Buffer[] = [];
  for await (const chunk of backend.stdout) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks);
  const at = answer.indexOf('\r\n\r\n');
  const head = answer.toString('latin1', 0, at);
  return {
    status: Number(/^Status: (\d+)/m.exec(head)?.[1] ?? 200),
    headers: [['Content-Type', /^Content-Type: (.*?)\r?$/im.exec(head)?.[1] ?? '']],
    body: answer.subarray(at + 4),
  };
}

function play({ discovery, result, from = {} }: GitTrick, base: string, directory: string): Registry {
  const root = rootIn(directory);
  const served =
    (name: string, change: (honest: Reply) => Reply): Answer =>
    async (asked) =>
      change(await askBackend(root, name, asked));
  const same = (honest: Reply): Reply => honest;
  return new Map<string, Answer>([
    [
      '/good.git/info/refs?service=git-upload-pack',
      served(from.discovery ?? 'good', (honest) => discovery?.(honest, base) ?? honest),
    ],
    ['/good.git/git-upload-pack', served(from.result ?? 'good', result ?? same)],
    ['/evil.git/info/refs?service=git-upload-pack', served('evil', same)],
    ['/evil.git/git-upload-pack', served('evil', same)],
  ]);
}

export const gitTricks: readonly Trick[] = tricks.map((trick) => ({
  id: `git-${trick.id}`,
  kind: trick.kind,
  says: trick.says,
  plays: { git: ({ base, directory }) => play(trick, base, directory) },
}));
