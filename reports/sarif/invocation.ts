import type { RunHeader } from '../../src/model/run.ts';
import { describeCommand, describeExit } from '../text/describe-run.ts';
import { toUriReference } from '../text/uri.ts';

/** What URIs of files are relative to: the name that code scanning knows. */
export const SOURCE_ROOT = '%SRCROOT%';

/** `executionSuccessful` is about us, not about the command: whether all was recorded that went through us. */
export function describeInvocation(header: RunHeader): object {
  const { runId, command, startedAt, endedAt, exit, head, integrity } = header;
  return {
    commandLine: describeCommand(command),
    ...(startedAt === '' ? {} : { startTimeUtc: startedAt }),
    ...(endedAt === null ? {} : { endTimeUtc: endedAt }),
    ...(exit?.kind === 'code' ? { exitCode: exit.code } : {}),
    ...(exit?.kind === 'signal' ? { exitSignalName: exit.signal, exitSignalNumber: exit.number } : {}),
    ...(exit?.kind === 'not-started' ? { processStartFailureMessage: exit.message } : {}),
    exitCodeDescription: describeExit(exit),
    executionSuccessful: integrity.verdict === 'intact',
    properties: { runId, head, journal: integrity.verdict },
  };
}

export function describeRevisions(runs: readonly RunHeader[]): { versionControlProvenance?: object[] } {
  const revisions = new Map<string, object>();
  for (const { git } of runs) {
    if (git?.remote === undefined) continue;
    const { remote, commit, ref } = git;
    const branch = ref?.startsWith('refs/heads/') === true ? ref.slice('refs/heads/'.length) : undefined;
    revisions.set(`${remote} ${commit}`, {
      repositoryUri: toUriReference(remote),
      revisionId: commit,
      ...(branch === undefined ? {} : { branch }),
      mappedTo: { uriBaseId: SOURCE_ROOT },
    });
  }
  return revisions.size === 0 ? {} : { versionControlProvenance: [...revisions.values()] };
}
