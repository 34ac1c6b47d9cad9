import type { Artifact } from '../../src/model/artifact.ts';
import type { Run } from '../../src/model/run.ts';
import { subjectOf } from '../../src/support/artifact-subject.ts';
import { formatBytes } from '../../src/support/quantities.ts';
import { describeTally, explainVerdicts, tallyEcosystems } from '../text/describe-artifacts.ts';
import { describeCommit } from '../text/describe-commit.ts';
import { firstOf, renderHead, renderItem, type Page } from './page.ts';

/**
 * What was fetched, by ecosystem, with what checking it came to; then commits, of which there are few, and what no
 * registry names: its URL and digest are all there is to know it by. Everything with `verbose`.
 */
export function renderArtifacts({ artifacts }: Run, page: Page): string[] {
  if (artifacts.length === 0) return [];
  const { style } = page;
  const tallies = tallyEcosystems(artifacts);
  const legend = explainVerdicts(tallies);
  const commits = artifacts.filter(({ class: kind }) => kind === 'commit');
  const list = (direction: Artifact['direction'], mark: string): string[] =>
    firstOf(
      commits.filter((artifact) => artifact.direction === direction),
      page,
      (artifact) => renderItem(mark, describeCommit(artifact), page),
    );
  return [
    renderHead('Artifacts', page),
    ...tallies.flatMap((tally) => renderItem(style.dim('·'), describeTally(tally), page)),
    ...(legend === '' ? [] : renderItem(' ', `(${legend})`, page).map(style.dim)),
    ...list('fetched', style.dim('↓')),
    ...list('sent', style.warn('↑')),
    ...firstOf(
      artifacts.filter((artifact) => artifact.class !== 'commit' && (page.verbose || isNameless(artifact))),
      page,
      (artifact) => renderFile(artifact, page),
    ),
  ];
}

function isNameless({ ecosystem }: Artifact): boolean {
  return ecosystem === 'generic';
}

function renderFile(artifact: Artifact, page: Page): string[] {
  const { size, verdict, digests, direction } = artifact;
  const { style } = page;
  const mark = direction === 'sent' ? style.warn('↑') : style.dim('↓');
  const line = renderItem(mark, `${subjectOf(artifact)}  ${formatBytes(size)}  ${verdict}`, page);
  if (!isNameless(artifact) || digests.sha256 === undefined) return line;
  return [...line, ...renderItem(' ', `sha256:${digests.sha256}`, page).map(style.dim)];
}
