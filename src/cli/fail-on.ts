import { InvalidArgumentError } from 'commander';
import type { Finding } from '../model/finding.ts';
import { findingRules } from '../model/finding-rules.ts';
import type { Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { escapeTerminal } from '../support/escape-terminal.ts';

/** That of a run which would have succeeded, but for a finding. */
export const FOUND = 120;

type Test = (finding: Finding) => boolean;

const GROUPS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['error', ({ level }) => level === 'error'],
  ['warning', ({ level }) => level !== 'note'],
  ['any', () => true],
  // What a server has made impossible to compare must not pass where a difference would not.
  ['mismatch', ({ rule, level }) => rule === 'mismatch' || (rule === 'not-comparable' && level === 'error')],
]);
const INCOMPLETE = 'incomplete';
const NAMES: ReadonlySet<string> = new Set([
  ...findingRules.map(({ id }) => id),
  ...GROUPS.keys(),
  INCOMPLETE,
]);

export function parseFailOn(text: string): string {
  if (NAMES.has(text)) return text;
  throw new InvalidArgumentError(`Expected one of ${[...NAMES].join(', ')}.`);
}

/** Why a run is to fail, as an error that is printed; undefined where nothing that was named stands. */
export function findReason(
  run: Pick<Run, 'findings' | 'completeness'>,
  failOn: readonly string[],
): AuditError | undefined {
  const tests = failOn.map((name): Test => GROUPS.get(name) ?? (({ rule }) => rule === name));
  const standing = run.findings.filter(
    (finding) => finding.waiver === undefined && tests.some((test) => test(finding)),
  );
  const [first, ...others] = standing;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    const { rule, subject, message, advice } = first;
    return reasonOf(`${rule}: ${subject}: ${message}${more}`, advice);
  }
  if (!failOn.includes(INCOMPLETE) || run.completeness.verdict !== 'incomplete') return undefined;
  const [reason = 'no reason is recorded'] = run.completeness.reasons.slice(-1);
  return reasonOf(`the run is incomplete: ${reason}`);
}

function reasonOf(text: string, hint = 'The report has all reasons.'): AuditError {
  return new AuditError('bad-input', `exit ${FOUND}, as --fail-on wants: ${escapeTerminal(text)}`, {
    hint: escapeTerminal(hint),
  });
}
