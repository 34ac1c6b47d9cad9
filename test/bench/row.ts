import type { Arena } from './arena.ts';
import { median } from './statistics.ts';

/** What one contender reached, once per round. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** One comparison that DESIGN asks for. */
export interface Comparison {
  /** As in the table: `proxaudit / relay`. */
  readonly label: string;
  readonly value: number;
  /** The floor, and how to compare with it. */
  readonly floor: number;
  readonly better: 'lower' | 'higher';
}

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
export function compare(
  samples: Samples,
  [one, other]: readonly [string, string],
  floor: number,
  better: Comparison['better'],
): Comparison[] {
  const [mine, theirs] = [samples[one], samples[other]];
  if (!mine?.length || !theirs?.length) return [];
  return [{ label: `${one} / ${other}`, value: median(mine) / median(theirs), floor, better }];
}

export const meetsFloor = ({ value, floor, better }: Comparison): boolean =>
  better === 'lower' ? value <= floor : value >= floor;
