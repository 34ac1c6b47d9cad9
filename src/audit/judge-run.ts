import { isAbsolute, join } from 'node:path/posix';
import { baselineOf, compareBaselines } from '../baseline/index.ts';
import { findFindings, mergeFindings } from '../findings/index.ts';
import type { Finding } from '../model/finding.ts';
import type { FoldedRun, Run } from '../model/run.ts';
import type { Folded } from '../run/fold.ts';
import { mergeRuns } from '../run/merge-runs.ts';
import { mergeWaivers, summariseWaivers } from './summarise-waivers.ts';

/** A Run of what a journal says, with the findings that follow. */
export function judgeRun(folded: FoldedRun): Run {
  const findings = judge(folded);
  return { ...folded.facts, findings, ...summariseWaivers(folded.waivers, findings) };
}

/** One Run of several journals. Each is judged by its own waivers and its own baseline. */
export function judgeRuns(folded: readonly Folded[]): Run {
  const [only] = folded;
  if (folded.length === 1 && only !== undefined) return judgeRun(only);
  const runs = folded.map(judgeRun);
  const findings = runs
    .flatMap((run) => run.findings)
    .map((finding): Finding => {
      // Ids of artifacts are those of one journal.
      const { artifactId, ...rest } = finding;
      return artifactId === undefined ? finding : rest;
    });
  return {
    ...mergeRuns(folded),
    findings: mergeFindings(findings),
    ...mergeWaivers(runs.flatMap(({ waivers = [] }) => waivers)),
  };
}

function judge({ facts, waivers, baseline }: FoldedRun): Finding[] {
  const difference = baseline && compareBaselines(baseline, baselineOf(facts));
  const prefix = facts.runs[0]?.git?.prefix ?? '';
  const findings = findFindings({ run: facts, waivers, difference });
  return prefix === '' ? findings : findings.map((finding) => fromRoot(finding, prefix));
}

/** Journals that are merged may be of several folders of a repository. */
function fromRoot(finding: Finding, prefix: string): Finding {
  const { location } = finding;
  return location === undefined || isAbsolute(location.path)
    ? finding
    : { ...finding, location: { ...location, fromRoot: join(prefix, location.path) } };
}
