import Table from 'cli-table3';
import type { HostSummary, Run } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { describeAnswerClasses, describeAnswers } from '../text/describe-run.ts';
import { fitMiddle, widthOf, wrap } from '../text/fit.ts';
import { formatBytes, formatCount, formatQuantity } from '../../src/support/quantities.ts';
import { withoutColour } from '../text/style.ts';
import type { Page } from './page.ts';

const MAX_HOSTS = 12;
const MAX_OTHER_NAMES = 3;
/** Narrower terminals have no room for the answers. */
const MIN_WIDTH_FOR_ANSWERS = 72;
const MAX_ANSWERS = 24;
const GAP = 2;
const HEAD = ['HOST', 'REQUESTS', 'IN', 'OUT', 'ANSWERS'];

/** One row per host, the busiest first, and a row of totals. */
export function renderHosts(run: Run, page: Page): string[] {
  if (run.hosts.length === 0) return [];
  const { style } = page;
  const shown = page.verbose ? run.hosts : run.hosts.slice(0, MAX_HOSTS);
  const rest = run.hosts.slice(shown.length);
  const rows = [
    HEAD.map(style.dim),
    ...shown.map((host) => [cellOf(host, page), ...numbersOf(host), answersOf(host, page).join('\n')]),
    ...(rest.length > 0 ? [restOf(rest).map(style.dim)] : []),
    totalsOf(run).map(style.bold),
  ].map((row) => (page.width < MIN_WIDTH_FOR_ANSWERS ? row.slice(0, 4) : row));
  const lines = layOut(fitNames(rows, page));
  const rule = style.dim('─'.repeat(longest(lines) - GAP));
  return [...lines.slice(0, -1), ' '.repeat(GAP) + rule, ...lines.slice(-1)];
}

/** Gives the names what room the other columns leave. */
function fitNames(rows: readonly (readonly string[])[], { width, verbose }: Page): string[][] {
  const taken = HEAD.slice(1).map((_, column) => {
    const cells = rows.map((row) => row[column + 1]).filter((cell) => cell !== undefined);
    return cells.length === 0 ? 0 : GAP + longest(cells.flatMap((cell) => cell.split('\n')));
  });
  const room = Math.max(8, width - GAP - taken.reduce((sum, columns) => sum + columns, 0));
  return rows.map(([name = '', ...cells]) => {
    const lines = name.split('\n').map((line) => {
      const fits = widthOf(withoutColour(line)) <= room;
      return fits ? line : verbose ? wrap(line, room).join('\n') : fitMiddle(line, room);
    });
    return [lines.join('\n'), ...cells];
  });
}

function layOut(rows: readonly string[][]): string[] {
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
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** What was sent to it by other names as well says so below its own. */
function cellOf({ host, otherNames = [] }: HostSummary, { verbose }: Page): string {
  const shown = verbose ? otherNames : otherNames.slice(0, MAX_OTHER_NAMES);
  const more = otherNames.length - shown.length;
  const others = shown.map((name) => `  also named ${nameOf(name)}`);
  return [
    nameOf(host),
    ...others,
    ...(more > 0 ? [`  and by ${formatQuantity(more, 'more name')}`] : []),
  ].join('\n');
}

/** Names of hosts are ASCII; what is not only looks like one. */
function nameOf(host: string): string {
  return escapeTerminal(host).replace(
    /[^\x20-\x7e]/gu,
    (other) => `\\u{${(other.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function answersOf(host: HostSummary, { verbose, style }: Page): string[] {
  const exact = describeAnswers(host).map(escapeTerminal);
  const fits = verbose || exact.join(', ').length <= MAX_ANSWERS;
  const parts = fits ? exact : describeAnswerClasses(host);
  const lines = wrap(parts.join(', ').replaceAll(' ', '\u00a0').replaceAll(',\u00a0', ', '), MAX_ANSWERS);
  return lines.map((line) =>
    line
      .replaceAll('\u00a0', ' ')
      .replace(/(?<![\d,])[\d,]+ failed|not read(?: ×[\d,]+)?/g, (words) => style.warn(words)),
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
function longest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => widthOf(withoutColour(line))));
}
