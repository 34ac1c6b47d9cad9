import type { HostSummary, Run, RunHeader } from '../../src/model/run.ts';
import { each } from '../text/stream-json.ts';
import { beginOf, endOf } from '../text/times.ts';
import { COMMAND, MONITOR } from './identifiers.ts';
import { toResource } from './resource.ts';

/**
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/runtime-trace.md, version 0.1, whose network entries
 * have the members that version 0.2 recommends. What has no place in it is in members that begin with `proxaudit_`.
 */
export function traceRun(run: Run): object {
  const { runs, artifacts, completeness, hosts, processes, blindSpots, lockfiles } = run;
  return {
    monitor: {
      type: MONITOR,
      tracePolicy: { capture: [...new Set(runs.map(({ capture }) => capture))], completeness },
    },
    monitoredProcess: {
      hostID: hostOf(runs),
      type: COMMAND,
      event: runs.map(({ runId }) => runId).join(' '),
    },
    monitorLog: { process: each(processes, (summary) => summary), network: each(hosts, toNetworkEntry) },
    metadata: { buildStartedOn: beginOf(runs), buildFinishedOn: endOf(runs) },
    proxaudit_runs: runs,
    proxaudit_fetched: each(
      artifacts.filter(({ direction }) => direction === 'fetched'),
      toResource,
    ),
    proxaudit_sent: each(
      artifacts.filter(({ direction }) => direction === 'sent'),
      toResource,
    ),
    proxaudit_lockfiles: lockfiles,
    proxaudit_blindSpots: blindSpots,
  };
}

/** Which kind of machine: a journal names none. */
function hostOf(runs: readonly RunHeader[]): string {
  const kinds = new Set(runs.map(({ host }) => `${host.platform}-${host.arch}`));
  const [only = 'unknown'] = kinds;
  return `urn:proxaudit:host:${encodeURIComponent(kinds.size > 1 ? 'several' : only)}`;
}

function toNetworkEntry({ host, ...counts }: HostSummary): object {
  const [, name = host, port] = /^(.+?)(?::(\d{1,5}))?$/s.exec(host) ?? [];
  const isAddress = name.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(name);
  return {
    [isAddress ? 'ip' : 'hostname']: name.replace(/^\[(.*)\]$/s, '$1'),
    ...(port === undefined ? {} : { port: Number(port) }),
    protocol: 'tcp',
    ...counts,
  };
}
