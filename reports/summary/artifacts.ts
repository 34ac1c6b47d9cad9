import type { Run } from '../../src/model/run.ts';
import { describeTally, tallyEcosystems } from '../text/describe-artifacts.ts';
import { renderHead, renderItem, type Page } from './page.ts';

/** What was fetched, by ecosystem, with what checking it came to. */
export function renderArtifacts({ artifacts }: Run, page: Page): string[] {
  if (artifacts.length === 0) return [];
  return [
    renderHead('Artifacts', page),
    ...tallyEcosystems(artifacts).flatMap((tally) =>
      renderItem(page.style.dim('·'), describeTally(tally), page),
    ),
  ];
}
