import type { Artifact } from '../model/artifact.ts';
import type { Baseline, BaselineArtifact } from '../model/baseline.ts';
import type { RunFacts } from '../model/run.ts';
import { subjectOf } from '../support/artifact-subject.ts';
import { compareText } from '../support/compare.ts';
import { fieldOf } from './fields.ts';

/** What a run reached and fetched, as a baseline states it. */
export function baselineOf({ hosts, artifacts }: Pick<RunFacts, 'hosts' | 'artifacts'>): Baseline {
  return arrange(
    hosts.map(({ host }) => fieldOf(host)),
    artifacts.filter(({ direction }) => direction === 'fetched').map(stateOf),
  );
}

/** Each thing once, in order. */
export function arrange(hosts: readonly string[], artifacts: readonly BaselineArtifact[]): Baseline {
  const distinct = new Map(artifacts.map((artifact) => [orderOf(artifact), artifact]));
  return {
    hosts: [...new Set(hosts)].sort(compareText),
    artifacts: [...distinct].sort(([a], [b]) => compareText(a, b)).map(([, artifact]) => artifact),
  };
}

function orderOf({ subject, file = '', digest }: BaselineArtifact): string {
  return [subject, file, digest ?? ''].join('\0');
}

function stateOf(artifact: Artifact): BaselineArtifact {
  const { class: kind, fileName } = artifact;
  return {
    subject: fieldOf(subjectOf(artifact)),
    // The archives of a commit are had in several formats under one package URL.
    ...(kind === 'archive' && fileName !== null ? { file: fieldOf(fileName) } : {}),
    digest: digestOf(artifact),
  };
}

/** What carries a commit over is packed anew each time: its own name is what stays. */
function digestOf({ class: kind, digests, commit }: Artifact): string | null {
  const named = kind === 'commit' ? (digests.gitCommit ?? commit) : undefined;
  if (named !== undefined) return `gitCommit:${named}`;
  if (digests.sha256 !== undefined) return `sha256:${digests.sha256}`;
  const [first] = Object.entries(digests);
  return first === undefined ? null : `${first[0]}:${first[1]}`;
}
