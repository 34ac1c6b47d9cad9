import type { Artifact, Verdict } from '../../src/model/artifact.ts';
import { incomparableReasons, incomparables, type Incomparable } from '../../src/model/incomparable.ts';
import { formatBytes, formatCount } from '../../src/support/quantities.ts';

export interface EcosystemTally {
  readonly ecosystem: string;
  readonly count: number;
  readonly size: number;
  readonly verdicts: ReadonlyMap<Verdict, number>;
  /** Of those that are `not-comparable`. */
  readonly reasons: ReadonlySet<Incomparable>;
}

/** In the order in which they matter to who reads on. */
const order: readonly Verdict[] = [
  'mismatch',
  'unlocked',
  'locked',
  'published',
  'not-comparable',
  'unchecked',
];

/** What was fetched, by ecosystem, the one with most artifacts first. */
export function tallyEcosystems(artifacts: readonly Artifact[]): EcosystemTally[] {
  const tallies = new Map<string, Tally>();
  for (const { ecosystem, size, verdict, reason, direction } of artifacts) {
    if (direction !== 'fetched') continue;
    const tally = tallies.get(ecosystem) ?? {
      count: 0,
      size: 0,
      verdicts: new Map<Verdict, number>(),
      reasons: new Set<Incomparable>(),
    };
    tallies.set(ecosystem, tally);
    tally.count += 1;
    tally.size += size;
    tally.verdicts.set(verdict, (tally.verdicts.get(verdict) ?? 0) + 1);
    if (verdict === 'not-comparable') tally.reasons.add(reason ?? 'other-bytes');
  }
  return [...tallies]
    .map(([ecosystem, tally]) => ({ ecosystem, ...tally }))
    .sort((a, b) => b.count - a.count || (a.ecosystem < b.ecosystem ? -1 : 1));
}

interface Tally {
  count: number;
  size: number;
  readonly verdicts: Map<Verdict, number>;
  readonly reasons: Set<Incomparable>;
}

/** `300 locked`, `299 locked, 1 unlocked`. */
export function describeVerdicts({ verdicts }: EcosystemTally): string {
  return order
    .filter((verdict) => verdicts.has(verdict))
    .map((verdict) => `${formatCount(verdicts.get(verdict) ?? 0)} ${verdict}`)
    .join(', ');
}

export function describeTally(tally: EcosystemTally): string {
  const { ecosystem, count, size } = tally;
  return `${ecosystem}: ${formatCount(count)} (${formatBytes(size)}), ${describeVerdicts(tally)}`;
}

/** Of those whose word alone says too little, or which no finding explains. */
const MEANINGS: Partial<Readonly<Record<Verdict, string>>> = {
  published: 'as the registry itself said in this run, while no lockfile that was read has a digest of it',
  unchecked: 'nothing in this run said what it must be',
};

/** What the verdicts of these tallies mean, where that needs to be said: `published: as …; unchecked: …`. */
export function explainVerdicts(tallies: readonly EcosystemTally[]): string {
  return order
    .filter((verdict) => tallies.some(({ verdicts }) => verdicts.has(verdict)))
    .flatMap((verdict) => {
      const meaning = verdict === 'not-comparable' ? explainReasons(tallies) : MEANINGS[verdict];
      return meaning === undefined ? [] : [`${verdict}: ${meaning}`];
    })
    .join('; ');
}

function explainReasons(tallies: readonly EcosystemTally[]): string {
  return incomparables
    .filter((reason) => tallies.some(({ reasons }) => reasons.has(reason)))
    .map((reason) => incomparableReasons[reason])
    .join(', or ');
}

/** The package URL where there is one, else the name. */
export function nameOfArtifact({ purl, name, version }: Artifact): string {
  return purl ?? (version === null ? name : `${name} ${version}`);
}
