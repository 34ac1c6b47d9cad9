import type { RunHeader } from '../../src/model/run.ts';

/** When the last run ended or, of one cut short, began; undefined where no journal tells. */
export function endOf(runs: readonly RunHeader[]): string | undefined {
  return runs
    .map(({ startedAt, endedAt }) => endedAt ?? startedAt)
    .filter(Boolean)
    .sort()
    .at(-1);
}
