import { expect, it } from 'vitest';
import type { Artifact } from '../../src/model/artifact.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { mergeArtifacts } from '../../src/run/merge-artifacts.ts';
import { anArtifact } from '../findings/an-artifact.ts';

const commit = '1'.repeat(40);
const aRun = (runId: string, ...artifacts: Artifact[]): RunFacts =>
  ({ runs: [{ runId }], artifacts }) as unknown as RunFacts;
type Git = NonNullable<Artifact['git']>;
const ref = (name: string, before?: string): Git['refs'][number] => ({
  ...{ name: `refs/heads/${name}`, object: commit },
  ...(before === undefined ? {} : { before }),
});

/** What is told of the git of one commit that each of several runs fetched or sent. */
function merge(direction: Artifact['direction'], ...gits: Git[]): (Git | undefined)[] {
  const facts = { class: 'commit', ecosystem: 'git', purl: null, fileName: null } as const;
  const runs = gits.map((git, index): RunFacts => {
    const of = { name: 'forge.example/o/r', version: commit, commit, digests: { gitCommit: commit } };
    return aRun(`r${index}`, anArtifact('r', { ...facts, ...of, direction, git }));
  });
  return mergeArtifacts(runs).map(({ git }) => git);
}

it('keeps the pushes of one commit apart where they set other refs, or from another commit', () => {
  const pushes = [ref('main'), ref('release'), ref('main', '2'.repeat(40))].map((one) => ({ refs: [one] }));
  expect(merge('sent', ...pushes)).toEqual(pushes);
  expect(merge('sent', ...pushes, ...pushes)).toEqual(pushes);
});

it('joins the fetches of one commit, with all refs under which it was fetched', () => {
  expect(merge('fetched', { refs: [ref('main')] }, { refs: [ref('a'), ref('main')] })).toEqual([
    { refs: [ref('main'), ref('a')] },
  ]);
  const many = (from: number) =>
    Array.from({ length: 150 }, (_, index) => ref(String(from + index).padStart(3, '0')));
  const [joined] = merge('fetched', { refs: many(0) }, { refs: many(100) });
  expect(joined?.refs).toEqual(Array.from({ length: 200 }, (_, at) => ref(String(at).padStart(3, '0'))));
});

it('keeps a shallow or a partial fetch apart from a whole one', () => {
  const refs = [ref('main')];
  const fetches = [{ refs }, { refs, depth: 1 }, { refs, filter: 'blob:none' }];
  expect(merge('fetched', ...fetches, ...fetches)).toEqual(fetches);
});

const bytes = { digests: { sha256: 'a'.repeat(64) } };
const lock = { source: 'lockfile', from: 'a.lock', line: 3, algorithm: 'sha256', value: 'ab' } as const;

it('counts what several runs fetched once, with the runs, whatever each checked it against', () => {
  const index = { source: 'index', from: 'https://r.example/a', algorithm: 'sha512', value: 'cd' } as const;
  const locked = anArtifact('a', {
    ...{ digests: { ...bytes.digests, sha512: 'cd' }, verdict: 'locked' },
    expected: [{ ...lock, result: 'match' }],
  });
  const published = anArtifact('a', {
    ...bytes,
    verdict: 'published',
    expected: [{ ...index, result: 'match' }],
  });
  const elsewhere = anArtifact('a', { ...bytes, verdict: 'unchecked', urls: ['https://mirror.example/a'] });
  const [one, ...others] = mergeArtifacts([aRun('1', published), aRun('2', locked), aRun('3', elsewhere)]);
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    ...{ verdict: 'locked', runIds: ['1', '2', '3'], digests: { ...bytes.digests, sha512: 'cd' } },
    ...{ urls: published.urls, expected: [{ from: index.from }, { from: lock.from }] },
  });
});

it('of what is worse in one run the merged report says that', () => {
  const verdicts = ['locked', 'unlocked', 'mismatch', 'published'] as const;
  const runs = verdicts.map((verdict) => aRun(verdict, anArtifact('a', { ...bytes, verdict })));
  expect(mergeArtifacts(runs)).toMatchObject([{ verdict: 'mismatch', runIds: verdicts }]);
  expect(mergeArtifacts(runs.slice(0, 2))).toMatchObject([{ verdict: 'unlocked' }]);
});

it('keeps apart other bytes, another name, what was sent, and what one run has from two places', () => {
  const one = anArtifact('a', bytes);
  const others = [
    anArtifact('a', { digests: { sha256: 'b'.repeat(64) } }),
    anArtifact('b', bytes),
    anArtifact('a', { ...bytes, direction: 'sent' }),
  ];
  expect(mergeArtifacts([aRun('1', one), ...others.map((other) => aRun('2', other))])).toHaveLength(4);
  const twice = [one, anArtifact('a', { ...bytes, urls: ['https://mirror.example/a'] })];
  expect(
    mergeArtifacts([aRun('1', ...twice), aRun('2', ...twice)]).map(({ urls, runIds }) => [urls, runIds]),
  ).toEqual(twice.map(({ urls }) => [urls, ['1', '2']]).sort());
});

it('takes the name from the run that knew it best', () => {
  const byPath = anArtifact('a', { ...bytes, purl: null, identifiedBy: 'path' });
  const byIndex = anArtifact('a', { ...bytes, purl: 'pkg:deb/debian/a@1', identifiedBy: 'index' });
  expect(mergeArtifacts([aRun('1', byPath), aRun('2', byIndex)])).toMatchObject([
    { purl: 'pkg:deb/debian/a@1', identifiedBy: 'index' },
  ]);
});
