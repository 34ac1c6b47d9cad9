import type { Run, RunHeader } from '../../src/model/run.ts';
import { each } from '../text/stream-json.ts';
import { beginOf, endOf } from '../text/times.ts';
import { BUILDER, COMMAND } from './identifiers.ts';
import { subjectsOf } from './statement.ts';
import { toCommit, toJournal, toResource } from './resource.ts';

/** https://slsa.dev/spec/v1.0/provenance: what was fetched are the resolved dependencies. */
export function toProvenance({ runs, artifacts, completeness }: Run): object {
  const fetched = artifacts.filter(({ direction }) => direction === 'fetched');
  return {
    buildDefinition: {
      buildType: COMMAND,
      externalParameters: { commands: runs.map(({ command }) => command) },
      internalParameters: { capture: [...new Set(runs.map(({ capture }) => capture))] },
      resolvedDependencies: each([...subjectsOf(runs, toCommit), ...fetched], (one) =>
        'verdict' in one ? toResource(one) : one,
      ),
    },
    runDetails: {
      builder: { id: BUILDER, version: { proxaudit: [...new Set(runs.map(versionOf))].join(' ') } },
      metadata: {
        invocationId: runs.map(({ runId }) => runId).join(' '),
        startedOn: beginOf(runs),
        finishedOn: endOf(runs),
      },
      byproducts: subjectsOf(runs, toJournal),
      proxaudit_completeness: completeness,
      proxaudit_journals: runs.map(({ runId, integrity }) => ({ runId, verdict: integrity.verdict })),
    },
  };
}

function versionOf({ tool }: RunHeader): string {
  return tool.version;
}
