import { findFindings, mergeFindings } from '../findings/index.ts';
import type { FoldedRun, Run } from '../model/run.ts';
import { mergeRuns } from '../run/merge-runs.ts';

/** A Run of what a journal says, with the findings that follow from it. */
export function judgeRun(folded: FoldedRun): Run {
  return { ...folded, findings: findFindings(folded) };
}

/** One Run out of several. Each is judged by itself: its waivers and its baseline are its own. */
export function judgeRuns(folded: readonly FoldedRun[]): Run {
  return { ...mergeRuns(folded), findings: mergeFindings(folded.flatMap(findFindings)) };
}
