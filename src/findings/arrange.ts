import type { Finding } from '../model/finding.ts';
import { findingRules, type FindingRule } from '../model/finding-rules.ts';
import { formatCount } from '../support/quantities.ts';

/** Of each rule; more are told as one. */
const MAX_OF_RULE = 1_000;
const LEVELS = ['error', 'warning', 'note'] as const;
const RULES: readonly FindingRule[] = findingRules.map(({ id }) => id);

/** Equal ones become one, and those that matter most come first: the same order anywhere. */
export function arrange(findings: readonly Finding[]): Finding[] {
  const distinct = new Map<string, Finding>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const known = distinct.get(key);
    distinct.set(key, known === undefined ? finding : { ...known, count: known.count + finding.count });
  }
  const sorted = [...distinct].map(([key, finding]) => ({ order: orderOf(finding) + key, finding }));
  sorted.sort((a, b) => (a.order < b.order ? -1 : 1));
  return bound(sorted.map(({ finding }) => finding));
}

function keyOf({ subject, message, location, waiver, expiredWaiver, level, rule }: Finding): string {
  return [
    rule,
    subject,
    message,
    level,
    location?.fromRoot ?? location?.path,
    location?.line,
    waiver?.reason,
    expiredWaiver?.reason,
  ].join('\0');
}

/** Those that count before those that are waived. */
function orderOf({ waiver, level, rule }: Finding): string {
  const numbers = [waiver === undefined ? 0 : 1, LEVELS.indexOf(level), RULES.indexOf(rule)];
  return numbers.map((number) => String.fromCharCode(65 + number)).join('');
}

/** Of a rule with more, the last one that is kept stands for those beyond it. */
function bound(findings: readonly Finding[]): Finding[] {
  const total = new Map<FindingRule, number>();
  for (const { rule } of findings) total.set(rule, (total.get(rule) ?? 0) + 1);
  const seen = new Map<FindingRule, number>();
  return findings.flatMap((finding) => {
    const { rule } = finding;
    const at = (seen.get(rule) ?? 0) + 1;
    seen.set(rule, at);
    const more = (total.get(rule) ?? 0) - MAX_OF_RULE;
    if (at < MAX_OF_RULE || (at === MAX_OF_RULE && more <= 0)) return [finding];
    return at === MAX_OF_RULE ? [others(finding, more + 1)] : [];
  });
}

function others({ rule, level, advice, waiver }: Finding, count: number): Finding {
  const message = `${formatCount(count)} more findings of this rule are not told one by one`;
  return {
    rule,
    level,
    subject: '(others)',
    message,
    advice,
    count,
    ...(waiver === undefined ? {} : { waiver }),
  };
}
