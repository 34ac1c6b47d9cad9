import { expect, it } from 'vitest';
import type { Artifact } from '../../src/model/artifact.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { mergeArtifacts } from '../../src/run/artifact-fold.ts';
import { anArtifact } from '../findings/an-artifact.ts';

const commit = '1'.repeat(40);
type Git = NonNullable<Artifact['git']>;
const ref = (name: string, before?: string): Git['refs'][number] => ({
  ...{ name: `refs/heads/${name}`, object: commit },
  ...(before === undefined ? {} : { before }),
});

/** What is told of the git of one commit that each of several runs fetched or sent. */
function merge(direction: Artifact['direction'], ...gits: Git[]): (Git | undefined)[] {
  const facts = { class: 'commit', ecosystem: 'git', purl: null, fileName: null } as const;
  const runs = gits.map((git): RunFacts => {
    const of = { name: 'forge.example/o/r', version: commit, commit, digests: { gitCommit: commit } };
    return { artifacts: [anArtifact('r', { ...facts, ...of, direction, git })] } as unknown as RunFacts;
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
