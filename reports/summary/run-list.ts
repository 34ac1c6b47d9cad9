import Table from 'cli-table3';
import type { RunEntry } from '../../src/model/run-entry.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { describeCommand, describeDuration, describeExit } from '../text/describe-run.ts';
import { fitEnd } from '../text/fit.ts';
import { formatBytes, formatCount, formatDuration, formatQuantity } from '../../src/support/quantities.ts';
import { createStyle, type Style } from '../text/style.ts';

export interface RunListPlace {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly columns: number;
  readonly colour: boolean;
}

const HEAD = ['RUN', 'BEGAN', 'ENDED', 'TOOK', 'HOSTS', 'REQUESTS', 'JOURNAL'];
const GAP = 2;
const INDENT = '    ';
const NONE = '–';
const MAX_ENDING = 17;

/** Two lines a run: the figures, then the command. Nothing in it is obeyed by a terminal. */
export function renderRunList(entries: readonly RunEntry[], { now, columns, colour }: RunListPlace): string {
  if (entries.length === 0) return 'No runs are recorded yet: proxaudit -- COMMAND\n';
  const style = createStyle(colour);
  const rows = layOut([HEAD, ...entries.map((entry) => cellsOf(entry, now))]);
  const [head = '', ...lines] = rows;
  return [
    style.dim(head),
    ...lines.flatMap((line, index) => {
      const entry = entries[index];
      return entry === undefined ? [line] : [line, commandOf(entry, columns, style)];
    }),
    '',
  ].join('\n');
}

function cellsOf(entry: RunEntry, now: number): string[] {
  const { runId, state, startedAt, endedAt, exit, hosts, requests, bytes } = entry;
  const ending = state === 'finished' ? fitEnd(escapeTerminal(describeExit(exit)), MAX_ENDING) : state;
  return [
    runId,
    startedAt === null ? NONE : ageOf(now - Date.parse(startedAt)),
    ending,
    startedAt === null ? NONE : describeDuration({ startedAt, endedAt }) || NONE,
    hosts === null ? NONE : formatCount(hosts),
    requests === null ? NONE : formatCount(requests),
    formatBytes(bytes),
  ];
}

function commandOf({ command, completeness }: RunEntry, columns: number, style: Style): string {
  const seen = completeness === null ? '' : ` (${completeness})`;
  const room = Math.max(8, columns - INDENT.length - seen.length);
  return `${INDENT}${style.bold(fitEnd(escapeTerminal(describeCommand(command)), room))}${style.dim(seen)}`;
}

const DAY = 86_400_000;

function ageOf(milliseconds: number): string {
  if (!(milliseconds >= 1_000)) return 'now';
  if (milliseconds >= DAY) return `${formatQuantity(Math.floor(milliseconds / DAY), 'day')} ago`;
  // The first unit is enough.
  const [number = '', unit = ''] = formatDuration(Math.max(1_000, milliseconds)).split(' ');
  return `${number.replace(/\..*/, '')} ${unit} ago`;
}

function layOut(rows: readonly string[][]): string[] {
  const table = new Table({
    chars: noBorders(),
    style: { 'padding-left': GAP, 'padding-right': 0, head: [], border: [] },
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right'],
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd().slice(GAP));
}

function noBorders(): Record<string, string> {
  const sides = ['top', 'bottom', 'left', 'right', 'mid'];
  const parts = ['', '-mid', '-left', '-right'];
  const names = sides.flatMap((side) => parts.map((part) => side + part));
  return { ...Object.fromEntries(names.map((name) => [name, ''])), middle: '' };
}

export interface PrunedRun {
  readonly runId: string;
  readonly bytes: number;
  readonly failure?: string;
}

/** What was removed, a line a run, and how much that was. */
export function renderPruned(pruned: readonly PrunedRun[], isDryRun: boolean): string {
  const removed = pruned.filter(({ failure }) => failure === undefined);
  const verb = isDryRun ? 'would be removed' : 'removed';
  const bytes = removed.reduce((sum, run) => sum + run.bytes, 0);
  const lines = removed.map(({ runId, bytes: size }) => `${verb}  ${runId}  ${formatBytes(size)}`);
  return [...lines, `${formatQuantity(removed.length, 'run')} ${verb}, ${formatBytes(bytes)}`, ''].join('\n');
}
