import type { HostSummary, ProcessSummary, RunFacts } from '../../model/run.ts';
import { hostOfUrl } from '../../support/host-key.ts';
import { formatBytes } from '../../support/quantities.ts';
import type { Rule, Sighting } from '../rule.ts';

/** What a host that served nothing may get before it is a warning: telemetry of a tool is less. */
const MUCH = 4_096;
/** What the lifecycle script of a package may send to a host that it gets things from. */
const MUCH_OF_SCRIPT = 16_384;

export const upload: Rule = {
  id: 'upload',
  look: ({ run }) => {
    const serving = new Set(
      run.artifacts
        .filter(({ direction }) => direction === 'fetched')
        .flatMap(({ urls }) => urls.map(hostOfUrl)),
    );
    return run.hosts
      .filter(({ bytesOut }) => bytesOut > 0)
      .flatMap((host) => {
        const isServing = serving.has(host.host) || host.bytesIn >= host.bytesOut;
        const senders = sendersTo(host.host, run);
        return isServing ? toServing(host, senders) : toSilent(host, senders);
      });
  },
};

interface Sender {
  readonly process: NonNullable<ProcessSummary['process']> | null;
  readonly isScript: boolean;
  readonly bytesOut: number;
}

/** Lifecycle scripts first, then who sent most. */
function sendersTo(name: string, { processes }: RunFacts): Sender[] {
  return processes
    .flatMap(({ process, hosts }) => {
      const bytesOut = hosts.find(({ host }) => host === name)?.bytesOut ?? 0;
      return bytesOut === 0 ? [] : [{ process, isScript: process?.package !== undefined, bytesOut }];
    })
    .sort((a, b) => Number(b.isScript) - Number(a.isScript) || b.bytesOut - a.bytesOut);
}

function toSilent(
  { host, bytesOut, bytesIn, requests }: HostSummary,
  senders: readonly Sender[],
): Sighting[] {
  const [first] = senders;
  const isWarning = first?.isScript === true || bytesOut >= MUCH;
  // What is only tunnelled is told as a blind spot, and some bytes go out on any connection.
  if (!isWarning && requests === 0) return [];
  return [
    {
      level: isWarning ? 'warning' : 'note',
      subject: host,
      message: `it got ${formatBytes(bytesOut)} and gave back ${bytesIn === 0 ? 'nothing' : `only ${formatBytes(bytesIn)}`}`,
      ...processOf(first),
    },
  ];
}

function toServing({ host }: HostSummary, senders: readonly Sender[]): Sighting[] {
  return senders
    .filter(({ isScript, bytesOut }) => isScript && bytesOut >= MUCH_OF_SCRIPT)
    .map((sender) => ({
      subject: host,
      message: `a lifecycle script sent it ${formatBytes(sender.bytesOut)}`,
      ...processOf(sender),
    }));
}

function processOf(sender: Sender | undefined): Pick<Sighting, 'process'> {
  const process = sender?.process ?? null;
  return process === null ? {} : { process };
}
