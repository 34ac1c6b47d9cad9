import type { HostSummary } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { formatCount, formatQuantity } from '../support/quantities.ts';
import { enumerate } from './enumerate.ts';

/** How much of a lockfile was fetched. */
export interface LockfileUse {
  readonly path: string;
  /** Entries with a digest that something could be checked against, those of one line counted once. */
  readonly entries: number;
  /** Those that something fetched was checked against. */
  readonly fetched: number;
}

export interface NotWholeFacts {
  readonly hosts: readonly HostSummary[];
  /** Response bodies that were cut short. */
  readonly cutShort: number;
  readonly lockfileUse: readonly LockfileUse[];
}

/** What came in pieces, or not at all, as a cache had it: it was used by the command, and is no artifact of the report. */
export function describeNotWhole(facts: NotWholeFacts): string[] {
  return [
    ...answered(facts, '206', 'answered with parts of files (206)'),
    ...(facts.cutShort === 0
      ? []
      : [`${formatQuantity(facts.cutShort, 'response')} cut short: what came of it is no artifact`]),
    ...answered(facts, '304', 'answered 304: the command used its cache, unseen'),
    ...unfetched(facts),
  ];
}

function answered({ hosts }: NotWholeFacts, status: string, text: string): string[] {
  const having = hosts.filter(({ statuses }) => (statuses[status] ?? 0) > 0);
  const count = having.reduce((sum, { statuses }) => sum + (statuses[status] ?? 0), 0);
  if (count === 0) return [];
  const names = having.map(({ host }) => host).sort(compareText);
  return [`${formatQuantity(count, 'request')} ${text}: ${enumerate(names)}`];
}

/** Of a lockfile that nothing was fetched of, nobody may have wanted anything. */
function unfetched({ lockfileUse }: NotWholeFacts): string[] {
  return lockfileUse
    .filter(({ entries, fetched }) => fetched > 0 && fetched < entries)
    .map(
      ({ path, entries, fetched }) =>
        `${formatCount(entries - fetched)} of ${formatCount(entries)} entries of ${path} not fetched: cached, or not wanted`,
    );
}
