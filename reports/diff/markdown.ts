import type { Comparison } from '../../src/model/difference.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { formatCount } from '../../src/support/quantities.ts';
import { joinWithin } from '../markdown/join-within.ts';
import { fitMiddle } from '../text/fit.ts';
import { code, codeCell, prose, row } from '../text/markdown-text.ts';
import { listEntries, type Entry } from './entries.ts';

const MAX_BYTES = 1_000_000;
const MAX_ROWS = 500;
const MAX_TEXT = 200;
const WORDS: Readonly<Record<Entry['kind'], string>> = {
  added: 'new',
  removed: 'gone',
  version: 'other version',
  bytes: '**other bytes**',
};

/** For a comment on a pull request. */
export function renderDiffMarkdown(comparison: Comparison): string {
  const { hosts, artifacts } = listEntries(comparison);
  const heading = `### proxaudit: from ${code(comparison.base)} to ${code(comparison.head)}`;
  const gaps = comparison.gaps.slice(0, 2).map((gap) => `> **Note:** ${prose(shorten(gap))}`);
  if (hosts.length + artifacts.length === 0) return `${[heading, ...gaps, 'No differences.'].join('\n\n')}\n`;
  return joinWithin(MAX_BYTES, [
    heading,
    ...gaps,
    ...table('Hosts', hosts),
    ...table('Artifacts', artifacts),
  ]);
}

function table(title: string, entries: readonly Entry[]): string[] {
  if (entries.length === 0) return [];
  const rows = entries
    .slice(0, MAX_ROWS)
    .map(({ kind, subject, change, who }) =>
      row([
        WORDS[kind],
        codeCell(shorten(subject)),
        change === '' ? '' : codeCell(shorten(change)),
        prose(shorten(who)),
      ]),
    );
  const more = entries.length - rows.length;
  return [
    `#### ${title}`,
    [row(['', 'What', 'Change', 'Who asked']), row(['---', '---', '---', '---']), ...rows].join('\n'),
    ...(more > 0 ? [`… and ${formatCount(more)} more`] : []),
  ];
}

function shorten(text: string): string {
  return fitMiddle(escapeTerminal(text), MAX_TEXT);
}
