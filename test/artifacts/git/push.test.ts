import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { createRepository, type SourceRepository } from '../../helpers/registries/git/repositories.ts';
import { recogniseAll, type Fed } from '../feed.ts';
import { flush, pkt, Service } from './upload-pack.ts';

const workspace = createWorkspace('git-push');
const url = 'https://forge.example/o/repository';
const none = '0'.repeat(40);
let count = 0;
let repository: SourceRepository;
let service: Service;
let work: string;

beforeEach(() => {
  count += 1;
  repository = createRepository(workspace.directory, `r${count}`);
  repository.commit('published');
  repository.publish();
  work = join(workspace.directory, `r${count}-work`);
  service = new Service('receive-pack', join(workspace.directory, `r${count}.git`), url);
});
afterAll(() => {
  workspace.remove();
});

interface Update {
  readonly before?: string;
  readonly after: string;
  readonly name: string;
}

/** What `git push` sends: the refs, then the objects that the server lacks. */
function push(updates: readonly Update[], capabilities = 'report-status side-band-64k'): Fed {
  const commands = updates.map(({ before = none, after, name }, index) =>
    pkt(`${before} ${after} ${name}${index === 0 ? `\0 ${capabilities}` : ''}`),
  );
  const wanted = updates.map(({ after }) => after).filter((id) => id !== none);
  const input = `${wanted.join('\n')}\n--not\norigin-main\n`;
  const { stdout: pack } = spawnSync('git', ['pack-objects', '--stdout', '--revs', '-q'], {
    cwd: work,
    input,
  });
  const body = Buffer.concat([...commands, flush, ...(wanted.length === 0 ? [] : [pack])]);
  return service.ask(0, body);
}

function mark(): void {
  repository.git('update-ref', 'refs/remotes/origin-main', 'HEAD');
  repository.git('config', 'core.warnAmbiguousRefs', 'false');
}

describe('a push', () => {
  it.each([
    'report-status side-band-64k',
    'report-status',
    'report-status-v2 side-band-64k',
    'report-status atomic',
  ])('with %s is sent, from the old commit to the new one', async (capabilities) => {
    mark();
    const before = repository.git('rev-parse', 'HEAD');
    const after = repository.commit('new');
    const fed = push([{ before, after, name: 'refs/heads/main' }], capabilities);
    const size =
      Buffer.from(fed.requestBody ?? '').length - Buffer.from(fed.requestBody ?? '').indexOf('PACK');
    expect(await recogniseAll([service.discover(0), fed])).toMatchObject([
      {
        ...{ class: 'commit', direction: 'sent', commit: after, identifiedBy: 'embedded', size },
        ...{ name: 'forge.example/o/repository', digests: { gitCommit: after } },
        git: { refs: [{ name: 'refs/heads/main', object: after, before }] },
      },
    ]);
    expect(repository.served('rev-parse', 'main')).toBe(after);
  });

  it('of branches and tags is the commits that they stand for', async () => {
    mark();
    const first = repository.commit('one');
    repository.git('tag', '-a', '-m', 'One', 'v1');
    const second = repository.commit('two');
    const tag = repository.git('rev-parse', 'v1');
    const artifacts = await recogniseAll([
      push([
        { after: tag, name: 'refs/tags/v1' },
        { after: second, name: 'refs/heads/new' },
        { after: first, name: 'refs/tags/light' },
      ]),
    ]);
    expect(artifacts.map(({ commit, git }) => [commit, git?.refs])).toEqual([
      [
        first,
        [
          { name: 'refs/tags/v1', object: tag },
          { name: 'refs/tags/light', object: first },
        ],
      ],
      [second, [{ name: 'refs/heads/new', object: second }]],
    ]);
  });

  it('that the server refuses is not sent; a ref that it deletes is no commit', async () => {
    mark();
    const before = repository.git('rev-parse', 'HEAD');
    const after = repository.commit('new');
    const wrong = push([{ before: '1'.repeat(40), after, name: 'refs/heads/main' }]);
    const gone = push([{ before, after: none, name: 'refs/heads/main' }], 'report-status delete-refs');
    expect(await recogniseAll([service.discover(0), wrong, gone])).toEqual([]);
  });

  it('of a file or a tree is no commit', async () => {
    mark();
    repository.commit('new');
    const [blob = '', tree = ''] = ['HEAD:file.txt', 'HEAD^{tree}'].map((name) =>
      repository.git('rev-parse', name),
    );
    expect(
      await recogniseAll([
        push([
          { after: blob, name: 'refs/tags/blob' },
          { after: tree, name: 'refs/odd/tree' },
        ]),
      ]),
    ).toEqual([]);
  });

  it('that is cut, or damaged on its way, is not claimed', async () => {
    mark();
    const fed = push([{ after: repository.commit('new'), name: 'refs/heads/new' }]);
    const body = Buffer.from(fed.requestBody ?? '');
    expect(await recogniseAll([fed])).toHaveLength(1);
    const changed = Buffer.from(body);
    changed[changed.length - 3] = (changed.at(-3) ?? 0) ^ 1;
    for (const requestBody of [body.subarray(0, -1), body.subarray(0, 30), changed, '']) {
      expect(await recogniseAll([{ ...fed, requestBody }])).toEqual([]);
    }
    expect(await recogniseAll([{ ...fed, body: Buffer.from(fed.body ?? '').subarray(0, 12) }])).toEqual([]);
  });

  it('that the server could not unpack is not sent, whatever it says of refs', async () => {
    mark();
    const fed = push([{ after: repository.commit('new'), name: 'refs/heads/new' }]);
    const answer = (first: string): Fed => {
      const report = Buffer.concat([pkt(`unpack ${first}\n`), pkt('ok refs/heads/new\n'), flush]);
      return { ...fed, body: Buffer.concat([pkt(Buffer.concat([Buffer.from([1]), report])), flush]) };
    };
    expect(await recogniseAll([answer('ok')])).toHaveLength(1);
    expect(await recogniseAll([answer('index-pack abnormal exit')])).toEqual([]);
  });
});
