import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBody, sha256 } from '../../origin/random.ts';
import type { Served } from '../../origin/serve.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand, runOffline } from '../commands.ts';
import { binary, sendResource } from '../responses.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const content = randomBody(300_000, 'git-lfs');
const oid = sha256(content);
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;

/** A store of large files, and `git lfs pull` of the one that a commit points to. */
export const lfsTwin: Twin = {
  name: 'git-lfs-pull',
  tools: ['git'],
  version: ['git-lfs', '--version'],
  available: () => missingCommand('git') ?? missingCommand('git-lfs'),
  createHandler: () => (served) =>
    served.request.method === 'POST'
      ? answerBatch(served)
      : sendResource(served, served.url.pathname === `/objects/${oid}` ? binary(content) : undefined),
  prepare(directory, baseUrl) {
    const work = join(directory, 'work');
    const settings = { GIT_CONFIG_SYSTEM: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
    const env = hermeticEnvironment(directory, settings);
    const git = (...args: string[]) => runOffline(['git', ...args], { cwd: work, env });
    mkdirSync(work);
    git('init', '-q', '-b', 'main');
    // Not installed as a filter yet, so that the pointer is committed as it is.
    writeFileSync(join(work, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n');
    writeFileSync(join(work, 'large.bin'), pointer);
    git('add', '.');
    git('-c', 'user.name=Twin', '-c', 'user.email=twin@registry.test', 'commit', '-q', '-m', 'Begin');
    git('remote', 'add', 'origin', `${baseUrl}/repository.git`);
    git('lfs', 'install', '--local');
    return { argv: ['git', 'lfs', 'pull'], env, cwd: work };
  },
  stored: (directory) => storedBelow(join(directory, 'work'), { only: /^large\.bin$/, asFetched: true }),
};

function answerBatch({ request, response, base }: Served): void {
  request.resume();
  const actions = { download: { href: `${base}/objects/${oid}` } };
  const objects = [{ oid, size: content.length, authenticated: true, actions }];
  response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
  response.end(JSON.stringify({ transfer: 'basic', objects }));
}
