import type { RunFacts, Integrity } from '../../model/run.ts';
import type { Rule, Sighting } from '../rule.ts';

export const tampered: Rule = { id: 'tampered', look: ({ run }) => lookAt(run, 'tampered') };

export const truncated: Rule = { id: 'truncated', look: ({ run }) => lookAt(run, 'truncated') };

const MEANING = {
  tampered: 'the journal was changed after it was written',
  truncated: 'the journal is cut short',
} as const;

function lookAt({ runs }: RunFacts, verdict: Exclude<Integrity['verdict'], 'intact'>): Sighting[] {
  return runs
    .filter(({ integrity }) => integrity.verdict === verdict)
    .map(({ runId, integrity: { problems } }) => {
      const [first] = problems;
      const where = first === undefined ? '' : `: line ${first.line}: ${first.message}`;
      return { subject: runId, message: MEANING[verdict] + where };
    });
}
