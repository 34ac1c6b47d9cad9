import type { Run, RunHeader } from '../../src/model/run.ts';
import { describeCommand, describeExit, nameRuns } from '../text/describe-run.ts';
import { endOf } from '../text/times.ts';
import { toUriReference } from '../text/uri.ts';
import { properties, property } from './property.ts';

/** The `bom-ref` of what the BOM is about: the audited command, or several. */
export const RUN = 'run';

export function describeRun(run: Run): object {
  const { runs, completeness } = run;
  return {
    timestamp: endOf(runs),
    lifecycles: [{ phase: 'build' }],
    tools: { components: toolsOf(runs) },
    component: { type: 'application', 'bom-ref': RUN, name: nameRuns(runs), ...sourceOf(runs) },
    properties: [
      property('completeness', completeness.verdict),
      ...completeness.reasons.map((reason) => property('completeness:reason', reason)),
      ...runs.flatMap(describeHeader),
      ...run.lockfiles.map(({ path, digest }) => property('lockfile', `${path} sha256:${digest}`)),
    ],
  };
}

function toolsOf(runs: readonly RunHeader[]): object[] {
  const versions = new Set(runs.map(({ tool }) => tool.version));
  return [...versions].map((version) => ({ type: 'application', name: 'proxaudit', version }));
}

/** The repositories that the commands ran in. */
function sourceOf(runs: readonly RunHeader[]): object {
  const remotes = new Map(
    runs.flatMap(({ git }) => (git?.remote === undefined ? [] : [[git.remote, git.commit]])),
  );
  if (remotes.size === 0) return {};
  const references = [...remotes].map(([remote, commit]) => ({
    type: 'vcs',
    url: toUriReference(remote),
    comment: `commit ${commit}`,
  }));
  return { externalReferences: references };
}

function describeHeader({ runId, command, capture, exit, head, git, integrity }: RunHeader): object[] {
  return [
    property('run', runId),
    property('run:command', describeCommand(command)),
    property('run:capture', capture),
    property('run:exit', describeExit(exit)),
    property('run:journal', integrity.verdict),
    ...properties('run:head', head),
    ...properties('run:commit', git?.commit),
  ];
}
