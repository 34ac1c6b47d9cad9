import type { Finding } from '../model/finding.ts';
import { findingRules, type FindingRuleSpec } from '../model/finding-rules.ts';
import type { FoldedRun } from '../model/run.ts';
import type { Rule, Sighting } from './rule.ts';
import { blindSpot } from './rules/blind-spot.ts';
import { bypass } from './rules/bypass.ts';
import { tampered, truncated } from './rules/journal.ts';
import { mismatch } from './rules/mismatch.ts';
import { unlocked } from './rules/unlocked.ts';
import { arrange } from './arrange.ts';

const rules: readonly Rule[] = [tampered, truncated, mismatch, unlocked, bypass, blindSpot];

/** All findings of a run: a pure function of what its journal says. */
export function findFindings(run: FoldedRun): Finding[] {
  return arrange(rules.flatMap((rule) => rule.look(run).map((sighting) => complete(rule, sighting))));
}

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

export { arrange as mergeFindings } from './arrange.ts';
