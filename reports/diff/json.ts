import type { Comparison } from '../../src/model/difference.ts';
import { nameOfProcess } from '../text/describe-process.ts';
import { printJson } from '../text/print-json.ts';

/** For programs. `schemaVersion` changes when a member changes its meaning or goes. */
export function renderDiffJson({ base, head, gaps, difference, askedBy }: Comparison): string {
  const who = (subject: string): string[] =>
    (askedBy.get(subject) ?? []).map((process) => nameOfProcess({ process }));
  return printJson({
    schemaVersion: 1,
    base,
    head,
    gaps,
    hosts: {
      added: difference.addedHosts.map((host) => ({ host, askedBy: who(host) })),
      removed: difference.removedHosts.map((host) => ({ host })),
    },
    artifacts: {
      added: difference.addedArtifacts.map((artifact) => ({ ...artifact, askedBy: who(artifact.subject) })),
      removed: difference.removedArtifacts,
      changedVersions: difference.changedVersions,
      changedBytes: difference.changedBytes.map((one) => ({ ...one, askedBy: who(one.subject) })),
    },
  });
}
