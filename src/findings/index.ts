import type { Finding } from '../model/finding.ts';
import { findingRules, type FindingRuleSpec } from '../model/finding-rules.ts';
import { arrange } from './arrange.ts';
import type { Evidence, Rule, Sighting } from './rule.ts';
import { newArtifact, newHost } from './rules/baseline.ts';
import { blindSpot } from './rules/blind-spot.ts';
import { bypass } from './rules/bypass.ts';
import { changed } from './rules/changed.ts';
import { domainFronting } from './rules/domain-fronting.ts';
import { tampered, truncated } from './rules/journal.ts';
import { mismatch } from './rules/mismatch.ts';
import { notComparable } from './rules/not-comparable.ts';
import { plainHttp } from './rules/plain-http.ts';
import { scriptDownload } from './rules/script-download.ts';
import { unlocked } from './rules/unlocked.ts';
import { unverifiedTls } from './rules/unverified-tls.ts';
import { upload } from './rules/upload.ts';
import { waive } from './waive.ts';

const rules: readonly Rule[] = [
  tampered,
  truncated,
  mismatch,
  notComparable,
  changed,
  unlocked,
  domainFronting,
  unverifiedTls,
  newHost,
  newArtifact,
  upload,
  scriptDownload,
  plainHttp,
  bypass,
  blindSpot,
];

/** All findings of a run: a pure function of what its journal says. */
export function findFindings(evidence: Evidence): Finding[] {
  const found = rules.flatMap((rule) => rule.look(evidence).map((sighting) => complete(rule, sighting)));
  const { waivers, run } = evidence;
  // Of a journal that does not tell, no waiver that ends is known to be valid.
  const day = run.runs[0]?.startedAt.slice(0, 'YYYY-MM-DD'.length) || '9999-12-31';
  return arrange(waive(found, waivers, day));
}

export { arrange as mergeFindings } from './arrange.ts';
export { isWaivedBy } from './waive.ts';

const specs: ReadonlyMap<string, FindingRuleSpec> = new Map(findingRules.map((spec) => [spec.id, spec]));

function complete({ id }: Rule, { level, subject, message, advice, ...rest }: Sighting): Finding {
  const spec = specs.get(id);
  return {
    rule: id,
    level: level ?? spec?.level ?? 'warning',
    subject,
    message,
    advice: advice ?? spec?.advice ?? '',
    count: 1,
    ...rest,
  };
}
