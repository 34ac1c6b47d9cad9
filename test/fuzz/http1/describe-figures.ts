import type { FuzzFigures } from './fuzz.ts';

/** The figures of a run, for people. */
export function describeFigures(seed: number, figures: FuzzFigures): string {
  const { cases, messages, opaque, stricter, known, failures } = figures;
  return [
    `seed ${seed}: ${cases} connections, ${messages} messages read, ${failures.length} failures`,
    `unparsed where readers differ: ${opaque}`,
    ...describeCounts('unparsed where those that accept agree', stricter),
    ...describeCounts('not heard', known),
  ].join('\n');
}

function describeCounts(title: string, counts: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([key, count]) => `${title}: ${count} × ${key}`);
}
