import type { Process } from '../model/exchange.ts';
import type { RunFacts } from '../model/run.ts';
import { subjectOf } from '../support/artifact-subject.ts';
import { fieldOf } from './fields.ts';

const MAX_ASKERS = 3;

/** Who asked for each host and each artifact of a run, as a baseline names them. */
export function findAskers({ processes, artifacts }: RunFacts): Map<string, Process[]> {
  const askers = new Map<string, Process[]>();
  const add = (subject: string, process: Process | null | undefined): void => {
    if (process === null || process === undefined) return;
    const known = askers.get(subject) ?? [];
    if (known.length >= MAX_ASKERS || known.some((one) => isSame(one, process))) return;
    askers.set(subject, [...known, process]);
  };
  for (const { process, hosts } of processes) {
    for (const { host } of hosts) add(fieldOf(host), process);
  }
  for (const artifact of artifacts) {
    if (artifact.direction === 'fetched') add(fieldOf(subjectOf(artifact)), artifact.process);
  }
  return askers;
}

/** For a reader: pids do not count. */
function isSame(a: Process, b: Process): boolean {
  return a.package === b.package && a.script === b.script && a.command.join('\0') === b.command.join('\0');
}
