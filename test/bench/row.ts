import type { Arena } from './arena.ts';
import { median } from './statistics.ts';

/** What one contender reached, once per round. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** What DESIGN asks for: the floor must be reached, the aim is what to be proud of. */
export interface Goal {
  readonly floor: number;
  readonly aim: number;
  readonly better: 'lower' | 'higher';
}

/** One comparison that DESIGN asks for. */
export interface Comparison extends Goal {
  /** As in the table: `proxaudit / relay`. */
  readonly label: string;
  readonly value: number;
}

export const atMost = (floor: number, aim: number): Goal => ({ floor, aim, better: 'lower' });
export const atLeast = (floor: number, aim: number): Goal => ({ floor, aim, better: 'higher' });

export interface RowResult {
  readonly name: string;
  readonly unit: string;
  readonly samples: Samples;
  /** Most resident memory of each proxy, MiB, where it was measured. */
  readonly peaks?: Samples;
  readonly comparisons: readonly Comparison[];
}

/** One line of DESIGN section 9. */
export interface Row {
  readonly name: string;
  run(arena: Arena): Promise<RowResult[]>;
}

/** Compares the medians of two contenders, or nothing when one of them did not run. */
export function compare(samples: Samples, [one, other]: readonly [string, string], goal: Goal): Comparison[] {
  const [mine, theirs] = [samples[one], samples[other]];
  if (!mine?.length || !theirs?.length) return [];
  return [{ label: `${one} / ${other}`, value: median(mine) / median(theirs), ...goal }];
}

/** By how much the median of one is above that of the other, or nothing when one of them did not run. */
export function exceed(samples: Samples, [one, other]: readonly [string, string], goal: Goal): Comparison[] {
  const [mine, theirs] = [samples[one], samples[other]];
  if (!mine?.length || !theirs?.length) return [];
  return [{ label: `${one} beyond ${other}`, value: median(mine) - median(theirs), ...goal }];
}

const reaches = ({ value, better }: Comparison, wanted: number): boolean =>
  better === 'lower' ? value <= wanted : value >= wanted;

export const meetsFloor = (comparison: Comparison): boolean => reaches(comparison, comparison.floor);
export const meetsAim = (comparison: Comparison): boolean => reaches(comparison, comparison.aim);
