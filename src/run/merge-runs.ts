import type { Counts } from '../model/outcome.ts';
import type { RunFacts } from '../model/run.ts';
import { mergeLockfiles } from './artifact-fold.ts';
import { mergeArtifacts } from './merge-artifacts.ts';
import { compareText } from '../support/compare.ts';
import { computeCompleteness, mergeGaps } from './completeness.ts';
import { FaultTally } from './fault-tally.ts';
import type { Folded } from './fold.ts';
import { HostTally } from './host-tally.ts';
import { NameTally } from './name-tally.ts';
import { ProxyList } from './proxy-list.ts';
import { ProcessTally } from './process-tally.ts';
import { StatusTally } from './status-tally.ts';

const MAX_UNFINISHED = 1_000;

/** One Run out of several (CI shards); their headers stay side by side, in the order given. */
export function mergeRuns(folded: readonly Pick<Folded, 'facts' | 'gaps'>[]): RunFacts {
  const runs = folded.map(({ facts }) => facts);
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) return only;
  const hosts = new HostTally();
  const processes = new ProcessTally();
  const statuses = new StatusTally();
  const differingNames = new NameTally();
  const faults = new FaultTally();
  const upstreamProxies = new ProxyList();
  for (const run of runs) {
    for (const host of run.hosts) hosts.add(host);
    statuses.addAll(run.statuses);
    for (const names of run.differingNames ?? []) differingNames.add(names);
    for (const process of run.processes) processes.merge(process);
    faults.addAll(run);
    for (const url of run.upstreamProxies) upstreamProxies.add(url);
  }
  const traffic = {
    hosts: hosts.list(),
    statuses: statuses.record(),
    ...faults.summarise(),
  };
  return {
    schemaVersion: 1,
    runs: runs.flatMap((run) => run.runs),
    counts: runs.map((run) => run.counts).reduce(addCounts, noCounts),
    completeness: computeCompleteness({ ...mergeGaps(folded.map(({ gaps }) => gaps)), ...traffic }),
    ...traffic,
    processes: processes.list(),
    ...differingNames.summarise(),
    upstreamProxies: upstreamProxies.list(),
    artifacts: mergeArtifacts(runs),
    lockfiles: mergeLockfiles(runs),
    unfinished: runs
      .flatMap((run) => run.unfinished)
      .sort(compareText)
      .slice(0, MAX_UNFINISHED),
  };
}

const noCounts: Counts = { connections: 0, exchanges: 0, failed: 0, bytesIn: 0, bytesOut: 0 };

function addCounts(a: Counts, b: Counts): Counts {
  return {
    connections: a.connections + b.connections,
    exchanges: a.exchanges + b.exchanges,
    failed: a.failed + b.failed,
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
  };
}
