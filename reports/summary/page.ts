import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { fitEnd, wrap } from '../text/fit.ts';
import { createStyle, withoutColour, type Style } from '../text/style.ts';

export interface SummaryOptions {
  /** The terminal's width; default 80, at least 40. */
  readonly columns?: number;
  /** Default false. */
  readonly colour?: boolean;
  /** Everything instead of the first few. */
  readonly verbose?: boolean;
  /** Where the journal is, if it is in a file. */
  readonly journalPath?: string | undefined;
  /** Where our own diagnostics are, if there are any. */
  readonly logPath?: string | undefined;
  /** Reports that were written to files. */
  readonly reportPaths?: readonly string[] | undefined;
  /** The user's home directory, shown as `~`. */
  readonly home?: string | undefined;
}

/** What every part of the summary needs to know. */
export interface Page {
  /** Columns. */
  readonly width: number;
  readonly style: Style;
  readonly verbose: boolean;
}

export function pageFor({ columns = 80, colour = false, verbose = false }: SummaryOptions): Page {
  return { width: Math.max(40, columns), style: createStyle(colour), verbose };
}

export const INDENT = '  ';

/** How many items of each kind are shown without `--verbose`. */
const MAX_ITEMS = 3;
/** How many lines one item may take without `--verbose`. */
const MAX_LINES = 4;

/** What a block is about. */
export function renderHead(text: string, { style }: Page): string {
  return INDENT + style.bold(text);
}

/** The first few items, all of them with `--verbose`. */
export function firstOf<T>(items: readonly T[], page: Page, render: (item: T) => string[]): string[] {
  const shown = page.verbose ? items : items.slice(0, MAX_ITEMS);
  const more = items.length - shown.length;
  const rest = more > 0 ? [page.style.dim(`${INDENT}… and ${more} more (--verbose shows all)`)] : [];
  return [...shown.flatMap(render), ...rest];
}

/** Foreign text behind a mark, wrapped and hanging: `  ! text`. */
export function renderItem(mark: string, text: string, page: Page): string[] {
  return hang(`${INDENT}${mark} `, text, page);
}

/** Ends in an ellipsis where lines are left out. */
function firstLines(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  const last = lines[MAX_LINES - 1] ?? '';
  return [...lines.slice(0, MAX_LINES - 1), fitEnd(`${last} …`, room)];
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
  const [first = '', ...rest] = verbose ? all : firstLines(all, room);
  return [start + first, ...rest.map((line) => ' '.repeat(indent) + line)];
}
