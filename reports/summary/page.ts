import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { fitEnd, wrap } from '../text/fit.ts';
import { withoutColour, type Style } from '../text/style.ts';

/** What every part of the summary needs to know. */
export interface Page {
  /** Columns. */
  readonly width: number;
  readonly style: Style;
  readonly verbose: boolean;
}

export const INDENT = '  ';

/** How many lines one item may take without `--verbose`. */
const MAX_LINES = 4;

/** Foreign text behind a mark, wrapped and hanging: `  ! text`. */
export function renderItem(mark: string, text: string, page: Page): string[] {
  return hang(`${INDENT}${mark} `, text, page);
}

/** A line of advice below an item. */
export function renderAdvice(text: string, page: Page): string[] {
  return hang(`${INDENT}  → `, text, page).map(page.style.dim);
}

function hang(start: string, text: string, { width, verbose }: Page): string[] {
  const indent = withoutColour(start).length;
  const room = width - indent;
  // What would not be shown need not be wrapped either.
  const all = wrap(fitEnd(escapeTerminal(text), verbose ? Infinity : room * MAX_LINES), room);
  const [first = '', ...rest] = verbose ? all : all.slice(0, MAX_LINES);
  return [start + first, ...rest.map((line) => ' '.repeat(indent) + line)];
}
