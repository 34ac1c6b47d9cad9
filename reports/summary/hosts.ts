import Table from 'cli-table3';
import type { HostSummary, Run } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { describeAnswerClasses, describeAnswers } from '../text/describe-run.ts';
import { fitMiddle, widthOf, wrap } from '../text/fit.ts';
import { formatBytes, formatCount, formatQuantity } from '../text/quantities.ts';
import { withoutColour } from '../text/style.ts';
import type { Page } from './page.ts';

const MAX_HOSTS = 12;
/** Narrower terminals have no room for the answers. */
const MIN_WIDTH_FOR_ANSWERS = 72;
const MAX_ANSWERS = 24;
const GAP = 2;
/** What requests, bytes in and bytes out take at most. */
const NUMBERS = 3 * GAP + 'REQUESTS'.length + 2 * '99.9 MB'.length;

/** One row per host, the busiest first, and a row of totals. */
export function renderHosts(run: Run, page: Page): string[] {
  if (run.hosts.length === 0) return [];
  const { style } = page;
  const shown = page.verbose ? run.hosts : run.hosts.slice(0, MAX_HOSTS);
  const rest = run.hosts.slice(shown.length);
  const answers = shown.map((host) => answersOf(host, page));
  const room = page.width - GAP - NUMBERS - (hasAnswers(page) ? GAP + longest(answers) : 0);
  const rows = [
    ['HOST', 'REQUESTS', 'IN', 'OUT', 'ANSWERS'].map(style.dim),
    ...shown.map((host, index) => [
      nameOf(host, room, page),
      ...numbersOf(host),
      answers[index]?.join('\n') ?? '',
    ]),
    ...(rest.length > 0 ? [restOf(rest).map(style.dim)] : []),
    totalsOf(run).map(style.bold),
  ];
  const lines = layOut(rows, page);
  return [
    ...lines.slice(0, -1),
    ' '.repeat(GAP) + style.dim('─'.repeat(longest([lines]) - GAP)),
    ...lines.slice(-1),
  ];
}

function hasAnswers({ width }: Page): boolean {
  return width >= MIN_WIDTH_FOR_ANSWERS;
}

function layOut(rows: readonly (readonly string[])[], page: Page): string[] {
  const none = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
    side,
    `${side}-mid`,
    `${side}-left`,
    `${side}-right`,
  ]);
  const table = new Table({
    chars: { ...Object.fromEntries(none.map((name) => [name, ''])), middle: '' },
    style: { 'padding-left': GAP, 'padding-right': 0, head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'left'],
  });
  for (const row of rows) table.push(hasAnswers(page) ? [...row] : row.slice(0, 4));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Names of hosts are ASCII; what is not only looks like one. */
function nameOf({ host }: HostSummary, room: number, { verbose }: Page): string {
  const name = escapeTerminal(host).replace(
    /[^\x20-\x7e]/gu,
    (other) => `\\u{${(other.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return verbose ? wrap(name, room).join('\n') : fitMiddle(name, room);
}

function answersOf(host: HostSummary, { verbose, style }: Page): string[] {
  const exact = describeAnswers(host).map(escapeTerminal);
  const fits = verbose || exact.join(', ').length <= MAX_ANSWERS;
  const parts = fits ? exact : describeAnswerClasses(host);
  const lines = wrap(parts.join(', ').replaceAll(' ', '\u00a0').replaceAll(',\u00a0', ', '), MAX_ANSWERS);
  return lines.map((line) =>
    line
      .replaceAll('\u00a0', ' ')
      .replace(/[\d,]+ failed|not read(?: ×[\d,]+)?/g, (words) => style.warn(words)),
  );
}

function numbersOf(host: Pick<HostSummary, 'requests' | 'bytesIn' | 'bytesOut'>): string[] {
  return [
    host.requests === 0 ? '–' : formatCount(host.requests),
    formatBytes(host.bytesIn),
    formatBytes(host.bytesOut),
  ];
}

function restOf(hosts: readonly HostSummary[]): string[] {
  const sum = (key: 'requests' | 'bytesIn' | 'bytesOut'): number =>
    hosts.reduce((total, host) => total + host[key], 0);
  const numbers = numbersOf({
    requests: sum('requests'),
    bytesIn: sum('bytesIn'),
    bytesOut: sum('bytesOut'),
  });
  return [`… and ${formatQuantity(hosts.length, 'more host')}`, ...numbers, ''];
}

function totalsOf({ hosts, counts }: Run): string[] {
  const numbers = numbersOf({
    requests: counts.exchanges,
    bytesIn: counts.bytesIn,
    bytesOut: counts.bytesOut,
  });
  const failed = counts.failed > 0 ? `${formatCount(counts.failed)} failed` : '';
  return [formatQuantity(hosts.length, 'host'), ...numbers, failed];
}

/** Columns of the longest line; our own colours take none. */
function longest(cells: readonly (readonly string[])[]): number {
  return Math.max(0, ...cells.flat().map((line) => widthOf(withoutColour(line))));
}
