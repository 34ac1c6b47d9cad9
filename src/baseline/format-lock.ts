import type { Baseline, BaselineArtifact } from '../model/baseline.ts';

const HEAD = `# Hosts and artifacts that were reviewed, one a line. "proxaudit lock" writes this file; "proxaudit lock --check" and
# "proxaudit --baseline proxaudit.lock -- COMMAND" tell what is not in it.
version 1
`;

/** The text of `proxaudit.lock`: the same baseline gives the same bytes. */
export function formatLock({ hosts, artifacts }: Baseline): string {
  return [
    HEAD,
    ...(hosts.length > 0 ? ['\n'] : []),
    ...hosts.map((host) => `host ${host}\n`),
    ...(artifacts.length > 0 ? ['\n'] : []),
    ...artifacts.map(formatArtifact),
  ].join('');
}

function formatArtifact({ subject, file, digest }: BaselineArtifact): string {
  return `artifact ${[subject, digest ?? '-', ...(file === undefined ? [] : [file])].join(' ')}\n`;
}
