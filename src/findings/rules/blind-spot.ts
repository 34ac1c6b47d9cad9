import type { FindingLevel } from '../../model/finding-rules.ts';
import type { BlindSpotSummary, RunFacts } from '../../model/run.ts';
import type { Rule, Sighting } from '../rule.ts';

export const blindSpot: Rule = {
  id: 'blind-spot',
  look: ({ run }) => [...refusals(run), ...tunnels(run), ...told(run)],
};

type Meaning = readonly [level: FindingLevel, message: string];

/** Of the kinds that other rules, or the facts of tunnels and refusals, do not tell already. */
const MEANINGS: Readonly<Partial<Record<BlindSpotSummary['kind'], Meaning>>> = {
  'client-certificate-wanted': [
    'warning',
    'it wanted a client certificate, and connections to it were tunnelled unread',
  ],
  daemon: ['warning', 'it was asked to fetch on behalf of the command, unseen'],
  'direct-dns': ['note', 'it looked names up directly'],
  'journal-failed': ['error', 'not all could be recorded'],
  'lockfile-new': ['note', 'the run wrote this lockfile itself, and nothing was checked against it'],
  'lockfile-outside': ['note', 'the lockfile is a symbolic link that leads out of the repository'],
  'lockfile-unread': ['warning', 'the lockfile could not be read, and nothing was checked against it'],
  'no-proxy': ['note', 'NO_PROXY keeps connections to it direct and unseen'],
  'not-http-in-tls': ['warning', 'connections to it were no HTTP inside TLS, and passed unread'],
  'not-examined': ['warning', 'it was not looked into'],
  'open-udp': ['note', 'where it sends by UDP is not known'],
  'other-user': ['note', 'another user of this machine was refused'],
  refused: ['warning', 'it was refused, and nothing of it went out'],
  'other-network': ['warning', 'it has a network of its own, in which nothing is seen'],
  parts: ['note', 'it came in parts that were not put together, and is no artifact of the report'],
  'still-running': ['warning', 'it was still running when the journal was closed'],
  unparsed: ['warning', 'it was not read, as its framing is ambiguous'],
};

function told({ blindSpots }: RunFacts): Sighting[] {
  return blindSpots.flatMap(({ kind, subject, advice, process, count }): Sighting[] => {
    const meaning = MEANINGS[kind];
    if (meaning === undefined) return [];
    const [level, message] = meaning;
    return [
      {
        level,
        subject: withoutPid(subject),
        message,
        ...(advice === '' ? {} : { advice }),
        ...(process === undefined ? {} : { process }),
        count,
      },
    ];
  });
}

function refusals({ tlsFailures }: RunFacts): Sighting[] {
  return tlsFailures
    .filter(({ side }) => side === 'client')
    .map(({ host, cause, advice, process, count }) => ({
      subject: host,
      message: `a client refused the audit CA (${cause}), and its connection was not read`,
      advice,
      ...(process === undefined ? {} : { process }),
      count,
    }));
}

/** Of connections whose blind spots say themselves that they were tunnelled. */
const TUNNELLED: ReadonlySet<BlindSpotSummary['kind']> = new Set([
  'client-certificate-wanted',
  'not-http-in-tls',
]);

function tunnels({ hosts, blindSpots }: RunFacts): Sighting[] {
  const toldOf = (host: string): number =>
    blindSpots
      .filter(({ kind, subject }) => TUNNELLED.has(kind) && subject === host)
      .reduce((sum, { count }) => sum + count, 0);
  return hosts
    .map((host) => ({ ...host, tunnels: host.tunnels - toldOf(host.host) }))
    .filter(({ tunnels: count }) => count > 0)
    .map(({ host, tunnels: count, passedThrough }): Sighting => {
      const isWanted = passedThrough === count;
      return {
        level: isWanted ? 'note' : 'warning',
        subject: host,
        message: `connections to it were ${isWanted ? 'left unread, as --passthrough wants' : 'tunnelled unread'}`,
        count,
      };
    });
}

/** A subject is the same from run to run. */
function withoutPid(subject: string): string {
  return subject.replace(/ \(pid \d+\)$/, '');
}
