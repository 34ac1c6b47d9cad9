import { createHash } from 'node:crypto';
import type { Acceptance, Finding } from '../../src/model/finding.ts';
import { findingRules, type FindingRule } from '../../src/model/finding-rules.ts';
import type { Run } from '../../src/model/run.ts';
import { SOURCE_ROOT } from './invocation.ts';
import { createPlaces } from './place.ts';

const INDEXES: ReadonlyMap<FindingRule, number> = new Map(findingRules.map(({ id }, index) => [id, index]));

export function createResults(run: Run): (finding: Finding) => object {
  const placeOf = createPlaces(run);
  const seen = new Map<string, number>();
  return (finding) => {
    const { rule, level, subject, message, advice, count, waiver, process } = finding;
    const { uri, line } = placeOf(finding);
    const key = `${rule}\0${subject}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return {
      ruleId: rule,
      ruleIndex: INDEXES.get(rule),
      level,
      message: { text: `${subject}: ${message}. ${advice}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri, uriBaseId: SOURCE_ROOT },
            region: { startLine: line },
          },
          logicalLocations: [{ fullyQualifiedName: subject }],
        },
      ],
      // The same from run to run: messages hold digests and counts.
      partialFingerprints: { 'proxaudit/v1': fingerprint(`${key}\0${nth}`) },
      occurrenceCount: Math.max(1, count),
      // An empty list says that it is known not to be suppressed.
      suppressions: waiver === undefined ? [] : [suppress(waiver)],
      properties: { subject, ...(process === undefined ? {} : { process }) },
    };
  };
}

/** One that the base commit does not have is still under review: results are shown as long as that is so. */
function suppress({ reason, expires, isNew }: Acceptance): object {
  const until = expires === undefined ? '' : ` (until ${expires})`;
  return {
    kind: 'external',
    status: isNew === true ? 'underReview' : 'accepted',
    justification: `${reason}${until}${isNew === true ? ' (a waiver that the base commit does not have)' : ''}`,
  };
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
