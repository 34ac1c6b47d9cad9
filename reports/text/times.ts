import type { RunHeader } from '../../src/model/run.ts';

/** When the first run began; undefined where no journal tells. */
export function beginOf(runs: readonly RunHeader[]): string | undefined {
  return runs
    .map(({ startedAt }) => startedAt)
    .filter(Boolean)
    .sort()[0];
}

/** When the last run ended or, of one cut short, began; undefined where no journal tells. */
export function endOf(runs: readonly RunHeader[]): string | undefined {
  return runs
    .map(({ startedAt, endedAt }) => endedAt ?? startedAt)
    .filter(Boolean)
    .sort()
    .at(-1);
}
