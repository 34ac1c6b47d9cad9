import type { Run } from '../../src/model/run.ts';
import { renderItem, type Page } from './page.ts';

const LOUD = {
  tampered: 'THE JOURNAL WAS CHANGED after it was written. What is said here may be untrue.',
  truncated: 'THE JOURNAL IS CUT SHORT. The run may have done more than is shown here.',
} as const;

/** Says loudly what is wrong with a journal. */
export function renderIntegrity({ runs }: Run, page: Page): string[] {
  return runs.flatMap(({ runId, integrity }) => {
    const { verdict, problems } = integrity;
    if (verdict === 'intact') return [];
    const which = runs.length > 1 ? ` (run ${runId})` : '';
    const shown = page.verbose ? problems : problems.slice(0, 1);
    const details = shown.flatMap(({ line, message }) => renderItem('  ', `line ${line}: ${message}`, page));
    return [...renderItem('!!', LOUD[verdict] + which, page).map(page.style.bad), ...details];
  });
}
