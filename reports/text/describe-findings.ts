import type { Finding } from '../../src/model/finding.ts';
import type { FindingRule } from '../../src/model/finding-rules.ts';
import { nameOfProcess } from './describe-process.ts';
import { times } from './describe-run.ts';
import { formatQuantity } from '../../src/support/quantities.ts';

/** What other parts of a report say with more room: the state of the journal, and what was not seen. */
const TOLD_ELSEWHERE: ReadonlySet<FindingRule> = new Set(['tampered', 'truncated', 'bypass', 'blind-spot']);

export interface SortedFindings {
  /** Errors and warnings that count. */
  readonly weighty: readonly Finding[];
  readonly notes: readonly Finding[];
  readonly waived: readonly Finding[];
}

/** The findings of a report's own section on them. */
export function sortFindings(findings: readonly Finding[]): SortedFindings {
  const own = findings.filter(({ rule, waiver }) => waiver !== undefined || !TOLD_ELSEWHERE.has(rule));
  const counting = own.filter(({ waiver }) => waiver === undefined);
  return {
    weighty: counting.filter(({ level }) => level !== 'note'),
    notes: counting.filter(({ level }) => level === 'note'),
    waived: own.filter(({ waiver }) => waiver !== undefined),
  };
}

/** The message, who asked, and what became of a waiver. */
export function describeFinding({ message, process, count, waiver, expiredWaiver }: Finding): string {
  const who = process === undefined ? '' : `, asked by ${nameOfProcess({ process })}`;
  const accepted =
    waiver === undefined
      ? ''
      : `; waived${waiver.isNew === true ? ' by a new waiver' : ''}: ${waiver.reason}${until(waiver.expires)}`;
  const expired =
    expiredWaiver === undefined
      ? ''
      : `; its waiver ended on ${expiredWaiver.expires ?? 'an unknown day'}: ${expiredWaiver.reason}`;
  return times(message, count) + who + accepted + expired;
}

function until(day: string | undefined): string {
  return day === undefined ? '' : ` (until ${day})`;
}

/** `2 notes, 1 waived`; empty where there are none. */
export function countOthers({ notes, waived }: SortedFindings): string {
  return [
    ...(notes.length > 0 ? [formatQuantity(notes.length, 'note')] : []),
    ...(waived.length > 0 ? [`${waived.length} waived`] : []),
  ].join(', ');
}
