import type { Run } from '../src/model/run.ts';
import { renderArtifacts } from './summary/artifacts.ts';
import { renderFindings } from './summary/findings.ts';
import { renderHeading } from './summary/heading.ts';
import { renderHosts } from './summary/hosts.ts';
import { renderIntegrity } from './summary/integrity.ts';
import { renderPlace } from './summary/place.ts';
import { renderQuietSummary } from './summary/quiet.ts';
import { renderTrouble } from './summary/trouble.ts';
import { pageFor, type SummaryOptions } from './summary/page.ts';
import { renderWaivers } from './summary/waivers.ts';
import { renderWhoAsked } from './summary/who-asked.ts';

/**
 * What a terminal shows after a run: short, nothing in it obeyed by the terminal, and no wider than that but for paths
 * and digests at its end, which the terminal breaks so that they can be copied whole.
 */
export function renderSummary(run: Run, options: SummaryOptions = {}): string {
  const quiet = renderQuietSummary(run, options);
  if (quiet !== undefined) return quiet;
  const page = pageFor(options);
  const blocks = [
    [...renderHeading(run, page), ...renderIntegrity(run, page)],
    renderHosts(run, page),
    renderArtifacts(run, page),
    renderFindings(run, page),
    renderWaivers(run, page),
    renderWhoAsked(run, page),
    ...renderTrouble(run, page),
    renderPlace(run, page, options),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
