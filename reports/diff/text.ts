import type { Comparison } from '../../src/model/difference.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { formatQuantity } from '../../src/support/quantities.ts';
import { createStyle, type Style } from '../text/style.ts';
import { listEntries, type Entry } from './entries.ts';

const MARKS: Readonly<Record<Entry['kind'], string>> = { added: '+', removed: '-', version: '~', bytes: '!' };

/** For a terminal: a line each, nothing in it obeyed by the terminal. */
export function renderDiffText(comparison: Comparison, colour = false): string {
  const { hosts, artifacts } = listEntries(comparison);
  const style = createStyle(colour);
  const count = hosts.length + artifacts.length;
  if (count === 0) return 'no differences\n';
  return [
    ...section('Hosts', hosts, style),
    ...section('Artifacts', artifacts, style),
    style.dim(formatQuantity(count, 'difference')),
    '',
  ].join('\n');
}

function section(title: string, entries: readonly Entry[], style: Style): string[] {
  return entries.length === 0 ? [] : [style.bold(title), ...entries.map((entry) => lineOf(entry, style)), ''];
}

function lineOf({ kind, subject, change, who }: Entry, style: Style): string {
  const paint = { added: style.good, removed: style.dim, version: style.warn, bytes: style.bad }[kind];
  const what = `${paint(MARKS[kind])} ${escapeTerminal(subject)}`;
  const how = change === '' ? '' : `  ${escapeTerminal(change)}`;
  return `  ${what}${how}${who === '' ? '' : style.dim(`  (${escapeTerminal(who)})`)}`;
}
