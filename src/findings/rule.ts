import type { Difference } from '../model/difference.ts';
import type { Finding } from '../model/finding.ts';
import type { FindingRule } from '../model/finding-rules.ts';
import type { RunFacts } from '../model/run.ts';
import type { Waiver } from '../model/waiver.ts';

/** What findings are made of. */
export interface Evidence {
  readonly run: RunFacts;
  readonly waivers: readonly Waiver[];
  /** What the run has other than its baseline; null where it has none. */
  readonly difference: Difference | null;
}

/** What a rule must say of one thing; the rest is the catalogue's. */
export type Sighting = Pick<Finding, 'subject' | 'message'> &
  Partial<Pick<Finding, 'level' | 'advice' | 'artifactId' | 'process' | 'location' | 'count'>>;

/** One rule: a pure function of what the journal says. */
export interface Rule {
  readonly id: FindingRule;
  readonly look: (evidence: Evidence) => readonly Sighting[];
}
