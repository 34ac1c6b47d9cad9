import type { Finding } from '../../src/model/finding.ts';
import type { Run } from '../../src/model/run.ts';
import { formatCount } from '../../src/support/quantities.ts';
import { countOthers, describeFinding, sortFindings } from '../text/describe-findings.ts';
import { firstOf, renderHead, renderItem, type Page } from './page.ts';

/** What a reader should look at, the same of several things told once; what matters less is only counted. */
export function renderFindings({ findings }: Run, page: Page): string[] {
  const sorted = sortFindings(findings);
  const others = countOthers(sorted);
  const { style, verbose } = page;
  const shown = verbose
    ? [...sorted.weighty, ...sorted.notes, ...sorted.waived].map((first) => ({ first, more: 0 }))
    : groupAlike(sorted.weighty);
  if (shown.length === 0 && others === '') return [];
  return [
    renderHead('Findings', page),
    ...firstOf(shown, page, (group) => renderGroup(group, page)),
    ...(verbose || others === '' ? [] : renderItem('·', others, page).map(style.dim)),
  ];
}

interface Group {
  readonly first: Finding;
  /** How many others say the same, each of another subject. */
  readonly more: number;
}

/** Findings of a rule that differ by nothing but their subject become one: an installer may give hundreds. */
function groupAlike(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.level} ${describeFinding({ ...finding, count: 1 })}`;
    const known = groups.get(key);
    groups.set(key, known === undefined ? { first: finding, more: 0 } : { ...known, more: known.more + 1 });
  }
  return [...groups.values()];
}

function renderGroup({ first, more }: Group, page: Page): string[] {
  const { rule, subject } = first;
  const others = more === 0 ? '' : ` and ${formatCount(more)} more`;
  const what = describeFinding(more === 0 ? first : { ...first, count: 1 });
  return renderItem(markOf(first, page), `${rule}: ${subject}${others}: ${what}`, page);
}

function markOf({ level, waiver }: Finding, { style }: Page): string {
  if (waiver !== undefined || level === 'note') return style.dim('·');
  return level === 'error' ? style.bad('✗') : style.warn('!');
}
