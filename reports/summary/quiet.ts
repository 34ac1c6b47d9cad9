import type { Run } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { noticeWaivers } from '../text/describe-waivers.ts';
import { wrap } from '../text/fit.ts';
import { renderHeading } from './heading.ts';
import { renderIntegrity } from './integrity.ts';
import { renderOtherFiles } from './place.ts';
import { pageFor, type Page, type SummaryOptions } from './page.ts';

/** The summary of a run in which nothing was seen and nothing went wrong; undefined of any other. */
export function renderQuietSummary(run: Run, options: SummaryOptions): string | undefined {
  const page = pageFor(options);
  if (page.verbose || !isQuiet(run)) return undefined;
  const head = [...renderHeading(run, page), ...renderIntegrity(run, page)];
  return `${[...head, ...sayNothing(run, page), ...renderOtherFiles(page, options)].join('\n')}\n`;
}

function isQuiet(run: Run): boolean {
  const { runs, counts, blindSpots } = run;
  if (noticeWaivers(run).some(({ isUnreviewed }) => isUnreviewed)) return false;
  const isIntact = runs.every(({ integrity }) => integrity.verdict === 'intact');
  return isIntact && counts.connections === 0 && counts.exchanges === 0 && blindSpots.every(isOfNoTraffic);
}

/** What is to be known of these the reasons say, where it matters. */
function isOfNoTraffic({ kind }: Run['blindSpots'][number]): boolean {
  return kind === 'lockfile-aside' || kind === 'lockfile-empty';
}

function sayNothing({ runs, completeness }: Run, { style, width }: Page): string[] {
  const reasons = completeness.reasons.length === 0 ? '' : ` (${completeness.reasons.join('; ')})`;
  const hint = runs.some(({ command, includesLocal }) => !includesLocal && LOCAL.test(command.join(' ')))
    ? ['connections to this machine are audited with --include-local only']
    : [];
  return [escapeTerminal(`no traffic seen${reasons}`), ...hint]
    .flatMap((text) => wrap(text, width))
    .map(style.dim);
}

/** A command that names this machine was to reach it. */
const LOCAL = /\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?=[:/\s'"]|$)/;
