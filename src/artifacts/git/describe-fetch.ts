import type { Brought } from '../recogniser.ts';
import type { Fetched, FetchedCommit } from './fetched-commits.ts';
import { identifyCommit, type Place } from './identify-commit.ts';
import { choosePrimary, findAskedRef } from './primary-commit.ts';
import type { KnownRefs, Ref } from './repositories.ts';
import type { UploadPackRequest } from './upload-pack-request.ts';

/** Of one fetch; a client that fetches every branch of a large repository asks for as many commits. */
const MAX_COMMITS = 1000;

interface Circumstances {
  readonly place: Place;
  readonly repository: KnownRefs;
  readonly request: UploadPackRequest;
  readonly size: number;
}

/** One artifact where all that was asked for has a primary commit; else, and for commits of no ref, one each. */
export function describeFetch(
  fetched: Fetched,
  { place, repository, request, size }: Circumstances,
): Brought[] {
  const primary = choosePrimary(repository, fetched.commits);
  const askedRef = findAskedRef(repository);
  const asked = groupByCommit(fetched.commits)
    .filter((group) => primary === undefined || group.includes(primary) || refsIn(group).length === 0)
    .map((group) => {
      const meant = askedRef?.name ?? repository.headBranch;
      const own = putFirst(refsIn(group), meant);
      const others = primary !== undefined && group.includes(primary) ? fetched.refs : [];
      return {
        commit: group[0]?.commit ?? '',
        version: tagName(group, askedRef),
        isSeen: group.some(({ isSeen }) => isSeen),
        refs: listRefs([...own, ...others], repository.headBranch),
      };
    });
  const locked = fetched.others.map((commit) => ({ commit, version: undefined, isSeen: true, refs: [] }));
  const { depth, filter } = request;
  const how = { ...(depth === undefined ? {} : { depth }), ...(filter === undefined ? {} : { filter }) };
  return [...asked, ...locked].slice(0, MAX_COMMITS).map(({ commit, ...about }, index) => ({
    identity: identifyCommit(place, commit, { ...how, ...about }),
    direction: 'fetched',
    // One pack has them all.
    size: index === 0 ? size : 0,
    digests: { gitCommit: commit },
  }));
}

/** A branch and an annotated tag of one commit are asked for as two objects. */
function groupByCommit(commits: readonly FetchedCommit[]): FetchedCommit[][] {
  const groups = new Map<string, FetchedCommit[]>();
  for (const one of commits) {
    const group = groups.get(one.commit);
    if (group === undefined) groups.set(one.commit, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function refsIn(group: readonly FetchedCommit[]): Ref[] {
  return group.flatMap(({ refs }) => refs);
}

function putFirst(refs: readonly Ref[], name: string | undefined): Ref[] {
  return [...refs.filter((ref) => ref.name === name), ...refs.filter((ref) => ref.name !== name)];
}

/** HEAD is told as the branch that it is, where that is known. */
function listRefs(refs: readonly Ref[], headBranch: string | undefined): { name: string; object: string }[] {
  const objects = new Map(
    refs.map(({ name, object }) => [name === 'HEAD' ? (headBranch ?? name) : name, object]),
  );
  return [...objects].map(([name, object]) => ({ name, object }));
}

/** Undefined where a branch, or another tag, may have been meant too. */
function tagName(group: readonly FetchedCommit[], askedRef: Ref | undefined): string | undefined {
  const refs = refsIn(group);
  if (refs.length === 0) return group[0]?.tagName;
  const meant = refs.find((ref) => ref === askedRef) ?? (refs.length === 1 ? refs[0] : undefined);
  return meant?.name.startsWith('refs/tags/') === true ? meant.name.slice('refs/tags/'.length) : undefined;
}
