import type { Artifact } from '../../src/model/artifact.ts';
import type { Run } from '../../src/model/run.ts';
import { describeTally, tallyEcosystems } from '../text/describe-artifacts.ts';
import { describeCommit } from '../text/describe-commit.ts';
import { firstOf, renderHead, renderItem, type Page } from './page.ts';

/** What was fetched, by ecosystem, with what checking it came to; then commits, of which there are few. */
export function renderArtifacts({ artifacts }: Run, page: Page): string[] {
  if (artifacts.length === 0) return [];
  const { style } = page;
  const commits = artifacts.filter(({ class: kind }) => kind === 'commit');
  const list = (direction: Artifact['direction'], mark: string): string[] =>
    firstOf(
      commits.filter((artifact) => artifact.direction === direction),
      page,
      (artifact) => renderItem(mark, describeCommit(artifact), page),
    );
  return [
    renderHead('Artifacts', page),
    ...tallyEcosystems(artifacts).flatMap((tally) => renderItem(style.dim('·'), describeTally(tally), page)),
    ...list('fetched', style.dim('↓')),
    ...list('sent', style.warn('↑')),
  ];
}
