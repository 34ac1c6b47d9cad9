import type { Run } from '../../src/model/run.ts';
import {
  describeCheck,
  describeTally,
  isRemarkable,
  nameOfArtifact,
  tallyEcosystems,
} from '../text/describe-artifacts.ts';
import { firstOf, renderHead, renderItem, type Page } from './page.ts';

/** What was fetched, by ecosystem, with what checking it came to; then what a reader should look at. */
export function renderArtifacts({ artifacts }: Run, page: Page): string[] {
  if (artifacts.length === 0) return [];
  const { style } = page;
  const remarkable = artifacts
    .filter(isRemarkable)
    .sort((a, b) => Number(b.verdict === 'mismatch') - Number(a.verdict === 'mismatch'));
  return [
    renderHead('Artifacts', page),
    ...tallyEcosystems(artifacts).flatMap((tally) => renderItem(style.dim('·'), describeTally(tally), page)),
    ...firstOf(remarkable, page, (artifact) =>
      renderItem(
        artifact.verdict === 'mismatch' ? style.bad('✗') : style.warn('!'),
        `${nameOfArtifact(artifact)}: ${describeCheck(artifact)}`,
        page,
      ),
    ),
  ];
}
