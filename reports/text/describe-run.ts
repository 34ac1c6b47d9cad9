import type { Exit } from '../../src/model/outcome.ts';
import type { HostSummary, RunHeader } from '../../src/model/run.ts';
import { formatCount, formatDuration, formatQuantity } from '../../src/support/quantities.ts';

/** The command as one would type it: words with anything special in them are quoted. */
export function describeCommand(command: readonly string[]): string {
  return command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

export function describeExit(exit: Exit | null): string {
  if (exit === null) return 'end not recorded';
  if (exit.kind === 'code') return `exit ${exit.code}`;
  return exit.kind === 'signal' ? `killed by ${exit.signal}` : `not started (${exit.code})`;
}

/** Empty when the journal does not tell. */
export function describeDuration({ startedAt, endedAt }: Pick<RunHeader, 'startedAt' | 'endedAt'>): string {
  const duration = endedAt === null ? Number.NaN : Date.parse(endedAt) - Date.parse(startedAt);
  return Number.isNaN(duration) || duration < 0 ? '' : formatDuration(duration);
}

/** How a host answered: `200 ×6`, `302`, …, and what of it failed. */
export function describeAnswers(host: HostSummary): string[] {
  const statuses = Object.entries(host.statuses)
    // Answers of our own to failed requests are said to have failed.
    .filter(([status]) => host.failed === 0 || !/^5\d\d \(proxaudit\)$/.test(status))
    .map(([status, count]) => times(status, count));
  return [...statuses, ...outcomesOf(host)];
}

/** The same by classes: `2xx ×6`, `3xx`. */
export function describeAnswerClasses(host: HostSummary): string[] {
  const classes = new Map<string, number>();
  for (const [status, count] of Object.entries(host.statuses)) {
    if (status.includes('(')) continue;
    const name = `${status.charAt(0)}xx`;
    classes.set(name, (classes.get(name) ?? 0) + count);
  }
  return [...[...classes].map(([name, count]) => times(name, count)), ...outcomesOf(host)];
}

function outcomesOf(host: HostSummary): string[] {
  const failed = host.failed > 0 ? [`${formatCount(host.failed)} failed`] : [];
  const tunnels = host.tunnels > 0 ? [times('not read', host.tunnels)] : [];
  return [...failed, ...tunnels];
}

export function times(text: string, count: number): string {
  return count === 1 ? text : `${text} ×${formatCount(count)}`;
}

/** What all of them together are called. */
export function nameRuns(runs: readonly RunHeader[]): string {
  const [only] = runs;
  return runs.length === 1 && only !== undefined
    ? describeCommand(only.command)
    : formatQuantity(runs.length, 'run');
}
