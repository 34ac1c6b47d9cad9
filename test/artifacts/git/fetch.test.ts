import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../../src/artifacts/expectations.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { createRandom } from '../../helpers/random.ts';
import { createRepository, type SourceRepository } from '../../helpers/registries/git/repositories.ts';
import { recogniseAll, type Fed } from '../feed.ts';
import {
  fetchRequest,
  flush,
  listRequest,
  oldFetchRequest,
  pkt,
  Service,
  type Version,
} from './upload-pack.ts';

const workspace = createWorkspace('git-fetch');
const url = 'https://forge.example/some/where/repository.git';
let repository: SourceRepository;
let service: Service;
/** Ids by what they are. */
const id: Record<string, string> = {};

beforeAll(() => {
  repository = createRepository(workspace.directory, 'repository');
  id['first'] = repository.commit('first');
  repository.git('tag', '-a', '-m', 'One', 'v1');
  repository.git('tag', 'light');
  id['second'] = repository.commit('second');
  repository.git('branch', 'develop');
  id['tip'] = repository.commit('tip');
  repository.git('tag', '-a', '-m', 'A tree', 'of-tree', 'HEAD^{tree}');
  repository.git('tag', '-a', '-m', 'Of a tag', 'of-tag', 'v1');
  repository.git('update-ref', 'refs/odd/blob', 'HEAD:file.txt');
  repository.publish();
  for (const name of ['v1', 'of-tree', 'of-tag', 'refs/odd/blob', 'HEAD:file.txt', 'HEAD^{tree}']) {
    id[name] = repository.git('rev-parse', name);
  }
  service = new Service('upload-pack', join(workspace.directory, 'repository.git'), url);
});
afterAll(() => {
  workspace.remove();
});

const at = (name: string): string => id[name] ?? '';
const list = (...prefixes: string[]): Fed => service.ask(2, listRequest(...prefixes));
const ask = (wants: readonly string[], ...lines: string[]): Fed =>
  service.ask(2, fetchRequest(wants.map(at), ...lines));
const commitsOf = async (exchanges: readonly Fed[], lockfiles: readonly LoadedLockfile[] = []) =>
  (await recogniseAll(exchanges, lockfiles)).map(({ commit }) => commit);
/** As `git clone` asks for them. */
const everything = ['HEAD', 'refs/heads/', 'refs/tags/'];
/** As `-b NAME` has it ask. */
const named = (name: string): string[] => [
  ...['HEAD', 'refs/heads/', name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`, 'refs/tags/'],
];

describe('a fetch', () => {
  it('is one by every success, as git takes it', async () => {
    const answers = [list(...everything), ask(['tip'])].map((exchange) => ({ ...exchange, status: 203 }));
    expect(await commitsOf(answers)).toEqual([at('tip')]);
  });

  it('of one object is that commit, by whatever its id was known', async () => {
    for (const name of ['first', 'second', 'tip']) {
      expect(await recogniseAll([ask([name])])).toMatchObject([
        {
          ...{ class: 'commit', ecosystem: 'git', commit: at(name), version: at(name), verdict: 'unchecked' },
          name: 'forge.example/some/where/repository',
          purl: `pkg:generic/repository@${at(name)}?vcs_url=git%2Bhttps:%2F%2Fforge.example%2Fsome%2Fwhere%2Frepository.git%40${at(name)}`,
          ...{ digests: { gitCommit: at(name) }, identifiedBy: 'embedded', git: { refs: [] } },
        },
      ]);
    }
  });

  it('of an annotated tag is the commit that it stands for', async () => {
    expect(await recogniseAll([list('refs/tags/'), ask(['v1'])])).toMatchObject([
      { commit: at('first'), version: 'v1', git: { refs: [{ name: 'refs/tags/v1', object: at('v1') }] } },
    ]);
    // The tag itself says its name too.
    expect(await recogniseAll([ask(['v1'])])).toMatchObject([{ commit: at('first'), version: 'v1' }]);
  });

  it.each(['HEAD:file.txt', 'HEAD^{tree}', 'refs/odd/blob', 'of-tree', 'of-tag'])(
    'of %s is no commit',
    async (name) => {
      expect(await commitsOf([list('refs/'), ask([name])])).toEqual([]);
      expect(await commitsOf([ask([name], 'filter blob:none')])).toEqual([]);
    },
  );

  it('of many has the commit of HEAD for its primary one, or that of the name that was asked for', async () => {
    const wants = ['tip', 'second', 'first', 'v1'];
    const [artifact, ...others] = await recogniseAll([list(...everything), ask(wants)]);
    expect(others).toEqual([]);
    expect(artifact).toMatchObject({ commit: at('tip'), version: at('tip') });
    expect(artifact?.git?.refs.map(({ name }) => name)).toEqual([
      ...['refs/heads/main', 'refs/heads/develop', 'refs/tags/light', 'refs/tags/v1'],
    ]);
    expect(await commitsOf([list(...named('develop')), ask(wants)])).toEqual([at('second')]);
    expect(await recogniseAll([list(...named('v1')), ask(wants)])).toMatchObject([
      { commit: at('first'), git: { refs: [{ name: 'refs/tags/v1' }, { name: 'refs/tags/light' }, {}, {}] } },
    ]);
  });

  it('of many, none of which is HEAD, is each of them', async () => {
    expect(await commitsOf([list('refs/'), ask(['first', 'second', 'v1', 'refs/odd/blob'])])).toEqual([
      ...[at('first'), at('second')],
    ]);
    // What no ref holds was asked for by its id.
    const wants = ['tip', 'second', 'first'];
    expect(await commitsOf([list('HEAD', 'refs/heads/'), ask(wants)])).toEqual([at('tip'), at('first')]);
  });

  it('says how deep and how partial it is', async () => {
    expect(await recogniseAll([ask(['tip'], 'deepen 2', 'filter blob:none')])).toMatchObject([
      { commit: at('tip'), git: { depth: 2, filter: 'blob:none' } },
    ]);
  });

  it('again is the same, with all refs under which it came; not so where it was more shallow', async () => {
    const light = [list('refs/tags/light'), ask(['first'])];
    const annotated = [list('refs/tags/v1'), ask(['v1'])];
    const shallow = ask(['v1'], 'deepen 1');
    const artifacts = await recogniseAll([...light, ...annotated, ...light, shallow]);
    expect(artifacts).toMatchObject([
      {
        ...{ commit: at('first'), exchangeIds: ['x2', 'x4', 'x6'] },
        git: { refs: [{ name: 'refs/tags/light' }, { name: 'refs/tags/v1' }] },
      },
      { commit: at('first'), exchangeIds: ['x7'], git: { depth: 1 } },
    ]);
  });

  it('by the name of a ref is its commit', async () => {
    repository.served('config', 'uploadpack.allowRefInWant', 'true');
    const exchange = service.ask(2, fetchRequest([], 'want-ref refs/heads/develop'));
    expect(await commitsOf([exchange])).toEqual([at('second')]);
  });

  it('of what the client has already is nothing', async () => {
    const had = ask(['tip'], `have ${at('tip')}`);
    expect(await commitsOf([list(...everything), had])).toEqual([]);
    // It has the commit, yet not the tag.
    expect(await commitsOf([list(...everything), ask(['v1'], `have ${at('first')}`)])).toEqual([]);
    // Only what is older comes.
    const deeper = ask(['tip'], `shallow ${at('tip')}`, `have ${at('tip')}`, 'deepen 2');
    expect(await commitsOf([list(...everything), deeper])).toEqual([]);
    expect(await commitsOf([list(...everything), ask(['tip'], `have ${at('first')}`)])).toEqual([at('tip')]);
  });
});

describe.each<[Version]>([[0], [1]])('version %i of the protocol', (version) => {
  it('tells refs before the first request', async () => {
    const discovery = service.discover(version);
    const wants = [at('tip'), at('second'), at('v1')];
    const [artifact, ...others] = await recogniseAll([
      discovery,
      service.ask(version, oldFetchRequest(wants)),
    ]);
    expect(others).toEqual([]);
    expect(artifact).toMatchObject({ commit: at('tip') });
    expect(artifact?.git?.refs.map(({ name }) => name)).toEqual([
      ...['refs/heads/main', 'refs/heads/develop', 'refs/tags/v1'],
    ]);
    expect(await commitsOf([discovery, service.ask(version, oldFetchRequest([at('v1')]))])).toEqual([
      at('first'),
    ]);
  });

  it.each(['', 'side-band', 'side-band-64k ofs-delta no-progress', 'multi_ack_detailed side-band-64k'])(
    'is read with the capabilities %j',
    async (capabilities) => {
      const request = oldFetchRequest([at('second')], { capabilities });
      expect(await commitsOf([service.ask(version, request)])).toEqual([at('second')]);
    },
  );

  it('is read where it is shallow', async () => {
    const request = oldFetchRequest([at('tip')], { lines: ['deepen 1'] });
    expect(await recogniseAll([service.ask(version, request)])).toMatchObject([
      { commit: at('tip'), git: { depth: 1 } },
    ]);
  });
});

describe('nothing is claimed', () => {
  const whole = (): Fed => ask(['tip']);

  it.each<[string, (exchange: Fed) => Fed]>([
    ['of another status', (exchange) => ({ ...exchange, status: 403 })],
    ['of a body cut short', (exchange) => ({ ...exchange, complete: false })],
    ['of another method', (exchange) => ({ ...exchange, method: 'PUT' })],
    ['without a request', (exchange) => ({ ...exchange, requestBody: '' })],
    ['of an error', (exchange) => ({ ...exchange, body: pkt('ERR upload-pack: not our ref') })],
    [
      'of an error after the pack',
      (exchange) => ({ ...exchange, body: join2(exchange.body, pkt('\x03fatal')) }),
    ],
    ['of a request that is cut', (exchange) => ({ ...exchange, requestBody: cut(exchange.requestBody) })],
    [
      'of an acknowledgement',
      (exchange) => ({ ...exchange, body: Buffer.concat([pkt('acknowledgments\n'), flush]) }),
    ],
  ])('%s', async (_name, change) => {
    expect(await commitsOf([list(...everything), whole()])).toEqual([at('tip')]);
    expect(await commitsOf([list(...everything), change(whole())])).toEqual([]);
  });

  it('of a pack that was changed or cut anywhere', async () => {
    const exchange = whole();
    const body = Buffer.from(exchange.body ?? '');
    const begin = body.indexOf('PACK');
    const random = createRandom(3);
    for (let turn = 0; turn < 60; turn += 1) {
      const changed = Buffer.from(body);
      const place = begin + Math.floor(random() * (body.length - begin - 8));
      changed[place] = (changed[place] ?? 0) ^ 0x41;
      const cutShort = body.subarray(0, place);
      for (const odd of [changed, cutShort]) {
        const commits = await commitsOf([list(...everything), { ...exchange, body: odd }]);
        expect(commits.filter((commit) => commit !== at('tip'))).toEqual([]);
        if (odd === cutShort) expect(commits).toEqual([]);
      }
    }
  });

  it('of random bytes', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = createRandom(seed);
      const noise = (): Buffer => Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)));
      const fed = { ...whole(), body: Buffer.concat([pkt('packfile\n'), pkt('\x01PACK'), pkt(noise())]) };
      const headers = { 'content-type': 'application/x-git-upload-pack-advertisement' };
      const discovery = { url: `${url}/info/refs?service=git-upload-pack`, headers, body: noise() };
      expect(await commitsOf([discovery, fed, { ...fed, requestBody: noise() }])).toEqual([]);
    }
  });
});

const join2 = (body: Fed['body'], more: Buffer): Buffer => Buffer.concat([Buffer.from(body ?? ''), more]);
const cut = (body: Fed['requestBody']): Buffer => Buffer.from(body ?? '').subarray(0, -7);

describe('a commit that a lockfile names', () => {
  const lock = (name: string): LoadedLockfile => ({
    ...{ path: 'package-lock.json', ecosystem: 'npm' },
    entries: [
      { name: 'dep', version: '1.0.0', line: 9, expected: [{ algorithm: 'gitCommit', value: at(name) }] },
    ],
  });

  it('is locked when it was asked for', async () => {
    const artifacts = await recogniseAll([ask(['second'])], [lock('second')]);
    expect(artifacts).toMatchObject([{ commit: at('second'), verdict: 'locked' }]);
    expect(artifacts[0]?.expected).toMatchObject([
      { source: 'lockfile', from: 'package-lock.json', line: 9, algorithm: 'gitCommit', result: 'match' },
    ]);
  });

  it('is locked when it came in the history of another one, which is not', async () => {
    const artifacts = await recogniseAll([list(...everything), ask(['tip'])], [lock('first')]);
    expect(artifacts.map(({ commit, verdict }) => [commit, verdict])).toEqual([
      [at('tip'), 'unchecked'],
      [at('first'), 'locked'],
    ]);
  });

  it('is not when it did not come', async () => {
    const shallow = ask(['tip'], 'deepen 1');
    expect(await recogniseAll([shallow], [lock('first')])).toMatchObject([
      { commit: at('tip'), verdict: 'unchecked', expected: [] },
    ]);
  });
});

it("a URL's secrets reach no name", async () => {
  const secret = 'https://user:hunter2@forge.example/some/where/repository.git/git-upload-pack';
  const text = JSON.stringify(await recogniseAll([{ ...ask(['tip']), url: secret }]));
  expect(text).toContain(at('tip'));
  expect(text).not.toContain('hunter2');
});

it('a name that no journal should hold is none', async () => {
  const refs = [
    `${at('tip')} refs/heads/${'x'.repeat(5000)}\n`,
    `${at('tip')} HEAD symref-target:${'y'.repeat(5000)}\n`,
  ];
  const listed = { ...list(), body: Buffer.concat([...refs.map((line) => pkt(line)), flush]) };
  const [artifact] = await recogniseAll([listed, ask(['tip'])]);
  expect(artifact?.git?.refs).toEqual([{ name: 'HEAD', object: at('tip') }]);
});

it('files of a plain file server are no artifacts by themselves', async () => {
  const paths = ['info/packs', `pack/pack-${'0'.repeat(40)}.pack`, `ab/${'0'.repeat(38)}`];
  const exchanges = paths.map((path) => ({
    url: `${url}/objects/${path}`,
    body: Buffer.from('1f8b0800', 'hex'),
  }));
  expect(await recogniseAll(exchanges)).toEqual([]);
});
