import type { Artifact, ExpectedDigest, Verdict } from '../model/artifact.ts';
import type { ReportedArtifact, RunFacts } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { joinRefs, wayOf } from '../support/git-refs.ts';

/** What counts most, where runs differ in what they had to check the same bytes against. */
const weightiest: readonly Verdict[] = [
  'mismatch',
  'unlocked',
  'locked',
  'published',
  'not-comparable',
  'unchecked',
];
const surest: readonly Artifact['identifiedBy'][] = ['index', 'embedded', 'path', 'guess'];

interface Merged {
  artifact: Artifact;
  /** In the order given. */
  readonly runIds: string[];
}

/**
 * Each artifact once for all runs, with the runs: the same bytes under the same name, whatever they were checked against
 * and wherever they came from. What one run has twice, from two places, stays twice.
 */
export function mergeArtifacts(runs: readonly RunFacts[]): ReportedArtifact[] {
  const merged = new Map<string, Merged[]>();
  for (const { artifacts, runs: headers } of runs) {
    const runId = headers[0]?.runId ?? '';
    const taken = new Set<Merged>();
    for (const artifact of artifacts) {
      const key = sameness(artifact);
      const alike = merged.get(key) ?? [];
      merged.set(key, alike);
      const free = alike.filter((one) => !taken.has(one));
      const known = free.find((one) => one.artifact.urls[0] === artifact.urls[0]) ?? free[0];
      if (known === undefined) alike.push({ artifact, runIds: [runId] });
      else {
        known.artifact = join(known.artifact, artifact);
        known.runIds.push(runId);
      }
      taken.add(known ?? (alike.at(-1) as Merged));
    }
  }
  return [...merged.values()]
    .flat()
    .map(({ artifact, runIds }) => ({ ...artifact, runIds }))
    .sort(compareArtifacts);
}

function sameness(artifact: Artifact): string {
  const { ecosystem, name, version, fileName, urls, direction, digests, commit } = artifact;
  // What has no digest is told apart by its place.
  const bytes = digests.sha256 ?? digests.gitCommit ?? commit ?? `at ${urls[0] ?? ''}`;
  return [ecosystem, name, version ?? '', fileName ?? '', direction, bytes, wayOf(artifact)].join('\0');
}

/** By whoever knew it best; its exchanges are those of the first run. */
function join(known: Artifact, again: Artifact): Artifact {
  const [one, other] = joinRefs(known, again) === known ? [known, again] : [joinRefs(known, again), again];
  const named = [known, again].sort((a, b) => nameRank(a) - nameRank(b))[0] ?? known;
  return {
    ...one,
    purl: named.purl,
    identifiedBy: named.identifiedBy,
    digests: { ...other.digests, ...one.digests },
    expected: distinct([...one.expected, ...other.expected]),
    verdict:
      weightiest.find((verdict) => verdict === one.verdict || verdict === other.verdict) ?? one.verdict,
  };
}

function nameRank({ purl, identifiedBy }: Artifact): number {
  return (purl === null ? surest.length : 0) + surest.indexOf(identifiedBy);
}

function distinct(expected: readonly ExpectedDigest[]): ExpectedDigest[] {
  return [...new Map(expected.map((one) => [JSON.stringify(one), one])).values()];
}

function sortKey({ ecosystem, name, version, fileName, urls }: Artifact): string[] {
  return [ecosystem, name, version ?? '', fileName ?? '', urls[0] ?? ''];
}

export function compareArtifacts(a: Artifact, b: Artifact): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  for (const [index, text] of left.entries()) {
    const order = compareText(text, right[index] ?? '');
    if (order !== 0) return order;
  }
  return compareText(a.digests.sha256 ?? a.commit ?? '', b.digests.sha256 ?? b.commit ?? '');
}
