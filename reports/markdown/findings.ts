import type { Finding } from '../../src/model/finding.ts';
import type { Run } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { formatCount } from '../../src/support/quantities.ts';
import { countOthers, describeFinding, sortFindings } from '../text/describe-findings.ts';
import { fitMiddle } from '../text/fit.ts';
import { code, prose } from '../text/markdown-text.ts';

const MAX_ROWS = 100;
const MAX_SUBJECT = 200;

/** What a reader should look at, and, folded up, what matters less. */
export function renderFindings({ findings }: Run): string[] {
  const sorted = sortFindings(findings);
  const others = countOthers(sorted);
  if (sorted.weighty.length === 0 && others === '') return [];
  return [
    '#### Findings',
    ...(sorted.weighty.length === 0 ? [] : [list(sorted.weighty)]),
    ...(others === ''
      ? []
      : [
          `<details><summary>${others}</summary>\n\n${list([...sorted.notes, ...sorted.waived])}\n\n</details>`,
        ]),
  ];
}

function list(findings: readonly Finding[]): string {
  const shown = findings.slice(0, MAX_ROWS).map(describe);
  const more = findings.length - shown.length;
  return [...shown, ...(more > 0 ? ['', `… and ${formatCount(more)} more`] : [])].join('\n');
}

function describe(finding: Finding): string {
  const { rule, level, subject, waiver } = finding;
  const name = waiver === undefined && level === 'error' ? `**${rule}**` : rule;
  const what = code(fitMiddle(escapeTerminal(subject), MAX_SUBJECT));
  return `- ${name} ${what}: ${prose(describeFinding(finding))}`;
}
