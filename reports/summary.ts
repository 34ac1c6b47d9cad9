import type { Run } from '../src/model/run.ts';
import { escapeTerminal } from '../src/support/escape-terminal.ts';
import { renderArtifacts } from './summary/artifacts.ts';
import { renderFindings } from './summary/findings.ts';
import { renderHeading } from './summary/heading.ts';
import { renderHosts } from './summary/hosts.ts';
import { renderIntegrity } from './summary/integrity.ts';
import { renderPlace } from './summary/place.ts';
import { renderTrouble } from './summary/trouble.ts';
import type { Page } from './summary/page.ts';
import { renderWhoAsked } from './summary/who-asked.ts';
import { wrap } from './text/fit.ts';
import { createStyle } from './text/style.ts';

export interface SummaryOptions {
  /** The terminal's width; default 80, at least 44. */
  readonly columns?: number;
  /** Default false. */
  readonly colour?: boolean;
  /** Everything instead of the first few. */
  readonly verbose?: boolean;
  /** Where the journal is, if it is in a file. */
  readonly journalPath?: string | undefined;
  /** The user's home directory, shown as `~`. */
  readonly home?: string | undefined;
}

/** What a terminal shows after a run: short, no wider than the terminal, nothing in it obeyed by the terminal. */
export function renderSummary(run: Run, options: SummaryOptions = {}): string {
  const { columns = 80, colour = false, verbose = false } = options;
  const page: Page = { width: Math.max(44, columns), style: createStyle(colour), verbose };
  const heading = [...renderHeading(run, page), ...renderIntegrity(run, page)];
  if (isQuiet(run) && !verbose) return `${[...heading, ...quietly(run, page)].join('\n')}\n`;
  const blocks = [
    heading,
    renderHosts(run, page),
    renderArtifacts(run, page),
    renderFindings(run, page),
    renderWhoAsked(run, page),
    ...renderTrouble(run, page),
    renderPlace(run, page, options),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** Nothing came through the proxy, and nothing went wrong. */
function isQuiet({ runs, counts, blindSpots }: Run): boolean {
  const isIntact = runs.every(({ integrity }) => integrity.verdict === 'intact');
  return isIntact && counts.connections === 0 && counts.exchanges === 0 && blindSpots.length === 0;
}

function quietly({ completeness }: Run, { style, width }: Page): string[] {
  const reasons = completeness.reasons.length === 0 ? '' : ` (${completeness.reasons.join('; ')})`;
  return wrap(escapeTerminal(`no traffic seen${reasons}`), width).map(style.dim);
}
