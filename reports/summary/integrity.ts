import type { Integrity, Run } from '../../src/model/run.ts';
import { describeProblem } from '../../src/support/describe-problem.ts';
import { renderItem, type Page } from './page.ts';

const LOUD = {
  tampered: 'THE JOURNAL WAS CHANGED after it was written. What is said here may be untrue.',
  truncated: 'THE JOURNAL IS CUT SHORT. The run may have done more than is shown here.',
} as const;
const LOUD_FROM_RECORDER =
  'THE JOURNAL WAS CHANGED while the run lasted. What is said here is what was recorded, not what the file holds.';

/** Says loudly what is wrong with a journal. */
export function renderIntegrity({ runs }: Run, page: Page): string[] {
  return runs.flatMap(({ runId, integrity }) => {
    const { verdict, problems } = integrity;
    if (verdict === 'intact') return [];
    const which = runs.length > 1 ? ` (run ${runId})` : '';
    const shown = page.verbose ? problems : problems.slice(0, 1);
    const details = shown.flatMap((problem) => renderItem('  ', describeProblem(problem), page));
    return [...renderItem('!!', loudlyOf(verdict, integrity) + which, page).map(page.style.bad), ...details];
  });
}

function loudlyOf(verdict: keyof typeof LOUD, { isFromRecorder }: Integrity): string {
  return verdict === 'tampered' && isFromRecorder === true ? LOUD_FROM_RECORDER : LOUD[verdict];
}
