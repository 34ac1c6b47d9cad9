import type { Finding } from '../../src/model/finding.ts';
import type { Run } from '../../src/model/run.ts';
import { countOthers, describeFinding, sortFindings } from '../text/describe-findings.ts';
import { firstOf, renderHead, renderItem, type Page } from './page.ts';

/** What a reader should look at; what matters less is only counted, and told with `verbose`. */
export function renderFindings({ findings }: Run, page: Page): string[] {
  const sorted = sortFindings(findings);
  const others = countOthers(sorted);
  const { style, verbose } = page;
  const shown = verbose ? [...sorted.weighty, ...sorted.notes, ...sorted.waived] : sorted.weighty;
  if (shown.length === 0 && others === '') return [];
  return [
    renderHead('Findings', page),
    ...firstOf(shown, page, (finding) => renderFinding(finding, page)),
    ...(verbose || others === '' ? [] : renderItem('·', others, page).map(style.dim)),
  ];
}

function renderFinding(finding: Finding, page: Page): string[] {
  const { rule, subject } = finding;
  return renderItem(markOf(finding, page), `${rule}: ${subject}: ${describeFinding(finding)}`, page);
}

function markOf({ level, waiver }: Finding, { style }: Page): string {
  if (waiver !== undefined || level === 'note') return style.dim('·');
  return level === 'error' ? style.bad('✗') : style.warn('!');
}
