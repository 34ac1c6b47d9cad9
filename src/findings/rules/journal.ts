import type { RunHeader } from '../../model/run.ts';
import { describeProblem } from '../../support/describe-problem.ts';
import type { Rule, Sighting } from '../rule.ts';

/** The journal of a run that has just ended may be gone or forged; what its recorder holds is not. */
const RECORDED =
  'What is reported was kept by proxaudit itself, and can be relied on: keep the report and its head. Find out what changed the file, and do not rely on that.';

export const tampered: Rule = {
  id: 'tampered',
  look: ({ run: { runs } }) =>
    runs
      .filter(({ integrity }) => integrity.verdict === 'tampered')
      .map((run) =>
        run.integrity.isFromRecorder === true
          ? { ...sightingOf(run, 'the journal was changed while the run lasted'), advice: RECORDED }
          : sightingOf(run, 'the journal was changed after it was written'),
      ),
};

export const truncated: Rule = {
  id: 'truncated',
  look: ({ run: { runs } }) =>
    runs.flatMap((run) => {
      const message = 'the journal is cut short';
      if (run.integrity.verdict === 'truncated') return [sightingOf(run, message)];
      // Of one that was changed too, the problems tell of that.
      const isCut = run.integrity.verdict === 'tampered' && run.endedAt === null;
      return isCut ? [{ subject: run.runId, message }] : [];
    }),
};

function sightingOf({ runId, integrity: { problems } }: RunHeader, message: string): Sighting {
  const [first] = problems;
  return { subject: runId, message: first === undefined ? message : `${message}: ${describeProblem(first)}` };
}
