import Table from 'cli-table3';
import { meetsAim, meetsFloor } from './row.ts';
import type { Comparison, RowResult } from './row.ts';
import { median } from './statistics.ts';

/** The results as a table of medians, with what DESIGN's floors say of them. */
export function formatTable(results: readonly RowResult[]): string {
  const table = new Table({
    head: ['row', 'contender', 'median', 'rounds', 'peak MiB', 'against floor and aim'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { name, unit, samples, peaks, comparisons } of results) {
    const contenders = Object.entries(samples);
    contenders.forEach(([contender, values], index) => {
      const peak = peaks?.[contender];
      table.push([
        index === 0 ? name : '',
        contender,
        `${round(median(values))} ${unit}`,
        values.length,
        peak?.length ? round(Math.max(...peak)) : '',
        index === 0 ? comparisons.map(describe).join('\n') : '',
      ]);
    });
  }
  return table.toString();
}

function describe(comparison: Comparison): string {
  const { label, value, floor, aim, better } = comparison;
  const verdict = meetsAim(comparison) ? 'aim met' : meetsFloor(comparison) ? 'floor met' : 'MISSED';
  const limit = better === 'lower' ? 'at most' : 'at least';
  return `${label} ${value.toFixed(2)}, ${limit} ${floor}, aim ${aim}: ${verdict}`;
}

const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));
