import type { HostSummary } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { formatQuantity } from '../support/quantities.ts';
import { enumerate } from './enumerate.ts';
import { describeLockfiles, type LockfileGaps } from './lockfile-use.ts';

export interface NotWholeFacts extends LockfileGaps {
  readonly hosts: readonly HostSummary[];
  /** Of all hosts together. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** What came in pieces, or not at all, as a cache had it: it was used by the command, and is no artifact of the report. */
export function describeNotWhole(facts: NotWholeFacts): string[] {
  return [
    ...answered(facts, '206', 'answered with parts of files (206)'),
    ...(facts.cutShort === 0
      ? []
      : [`${formatQuantity(facts.cutShort, 'response')} cut short: no digest of it counts`]),
    ...answered(facts, '304', 'answered 304: the command used its cache, unseen'),
    ...describeLockfiles(facts),
  ];
}

function answered({ hosts, statuses: all }: NotWholeFacts, status: string, text: string): string[] {
  const having = hosts.filter(({ statuses }) => (statuses[status] ?? 0) > 0);
  const count = all[status] ?? 0;
  if (count === 0) return [];
  const names = having.map(({ host }) => host).sort(compareText);
  return [`${formatQuantity(count, 'request')} ${text}: ${enumerate(names)}`];
}
