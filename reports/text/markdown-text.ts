import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { fitMiddle } from './fit.ts';

/** Of one piece of foreign text; longer ones lose their middle. */
const MAX_TEXT = 400;

/** Foreign text as code, in which Markdown and HTML mean nothing. */
export function code(text: string): string {
  const safe = fitMiddle(escapeTerminal(text), MAX_TEXT);
  if (safe.trim() === '') return '` `';
  const fence = '`'.repeat(longestRun(safe) + 1);
  const gap = safe.startsWith('`') || safe.endsWith('`') || safe.startsWith(' ') ? ' ' : '';
  return `${fence}${gap}${safe}${gap}${fence}`;
}

/** The same for a table cell, which a bar would end. */
export function codeCell(text: string): string {
  return code(text).replaceAll('|', '\\|');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Foreign text as text: every character that Markdown or HTML could obey is escaped. */
export function prose(text: string): string {
  return fitMiddle(escapeTerminal(text), MAX_TEXT).replace(
    /[\\`*_{}[\]<>#|~!&@$^]|:(?=\/\/)|^[+-]|(?<=^\d{1,9})[.)]/g,
    '\\$&',
  );
}

/** A table row of cells that are already fit for one. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
