import type { Finding } from '../model/finding.ts';
import type { FindingRule } from '../model/finding-rules.ts';
import type { FoldedRun } from '../model/run.ts';

/** What a rule must say of one thing; the rest is the catalogue's. */
export type Sighting = Pick<Finding, 'subject' | 'message'> &
  Partial<Pick<Finding, 'level' | 'advice' | 'artifactId' | 'process' | 'location' | 'count'>>;

/** One rule: a pure function of what the journal says. */
export interface Rule {
  readonly id: FindingRule;
  readonly look: (run: FoldedRun) => readonly Sighting[];
}
