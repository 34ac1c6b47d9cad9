import { REDACTED } from './secret-names.ts';

/** Where something stands: from `start` up to `end`. */
export type Range = readonly [start: number, end: number];

/** The text with `REDACTED` in place of each range; ranges that overlap or touch are one. */
export function replaceRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  let result = '';
  let from = 0;
  for (const [start, end] of mergeRanges(ranges)) {
    result += text.slice(from, start) + REDACTED;
    from = end;
  }
  return result + text.slice(from);
}

function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last === undefined || start > last[1]) merged.push([start, end]);
    else merged[merged.length - 1] = [last[0], Math.max(end, last[1])];
  }
  return merged;
}
