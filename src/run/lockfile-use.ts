import type { Exit } from '../model/outcome.ts';
import type { BlindSpotSummary, HostSummary, TlsFailureSummary } from '../model/run.ts';
import { compareText } from '../support/compare.ts';
import { ecosystemOfLockfile } from '../support/lockfile-names.ts';
import { relateCommand, type ReadableLockfile } from '../support/lockfile-readers.ts';
import { formatCount, formatQuantity } from '../support/quantities.ts';
import { enumerate } from './enumerate.ts';

/** How much of a lockfile was fetched. */
export interface LockfileUse extends ReadableLockfile {
  readonly digest: string;
  /** Lines of entries with a digest that something could be checked against. */
  readonly lines: ReadonlySet<number>;
  /** Those that something fetched was checked against. */
  readonly fetched: ReadonlySet<number>;
}

/** What tells why something of a lockfile may not have been fetched. */
export interface LockfileGaps {
  readonly lockfileUse: readonly LockfileUse[];
  /** How each run ended; null where its journal does not say. */
  readonly exits: readonly (Exit | null)[];
  /** Command lines of the runs and of those who asked, distinct ones. */
  readonly commands: readonly (readonly string[])[];
  /** Ecosystems of what was fetched and is in no lockfile. */
  readonly unlocked: ReadonlySet<string>;
  /** Exchanges without a response head, and bodies cut short. */
  readonly failed: number;
  readonly cutShort: number;
  /** Exchanges that were started and never completed. */
  readonly unfinished: number;
  readonly hosts: readonly HostSummary[];
  readonly tlsFailures: readonly TlsFailureSummary[];
  readonly blindSpots: readonly BlindSpotSummary[];
}

/** What was not fetched of the lockfiles of the run, which of them lock nothing, and which were left aside. */
export function describeLockfiles(facts: LockfileGaps): string[] {
  return [
    ...facts.lockfileUse
      .filter((use) => use.fetched.size > 0 || isRead(use, facts))
      .flatMap((use) => describeUse(use, facts)),
    ...describeEmpty(facts),
    ...describeAside(facts),
  ];
}

/** Of a lockfile that nothing was fetched of, those who run may never have wanted anything. */
function isRead(use: ReadableLockfile, { commands }: LockfileGaps): boolean {
  const relations = commands.flatMap((command) => relateCommand(use, command));
  return relations.includes('reads') || relations.every((relation) => relation === 'unknown');
}

function describeUse({ path, lines, fetched }: LockfileUse, facts: LockfileGaps): string[] {
  const missing = lines.size - fetched.size;
  if (missing <= 0) return [];
  const which =
    fetched.size === 0 && missing > 1
      ? `none of the ${formatCount(lines.size)}`
      : `${formatCount(missing)} of ${formatCount(lines.size)}`;
  const fetchedNot = fetched.size === 0 && missing > 1 ? 'fetched' : 'not fetched';
  return [`${which} entries of ${path} ${fetchedNot}: ${describeCauses(facts)}`];
}

/** Only of a run in which all went well it is known that nothing was wanted in vain. */
function describeCauses(facts: LockfileGaps): string {
  const [lost, unseen] = [describeLosses(facts), describeUnseen(facts)];
  const causes = [
    'cached',
    'not wanted',
    ...(lost.length === 0 ? [] : [`not got (${lost.join(', ')})`]),
    ...(unseen.length === 0 ? [] : [`not seen (${unseen.join(', ')})`]),
  ];
  return `${causes.slice(0, -1).join(', ')}, or ${causes.at(-1) ?? ''}`;
}

function describeLosses({ exits, failed, cutShort, unfinished, hosts }: LockfileGaps): string[] {
  const refused = hosts
    .flatMap(({ statuses }) => Object.entries(statuses))
    // Of 401 and 407 a client tries again with credentials; our own answers are among those that failed.
    .filter(([status]) => /^[45]\d\d$/.test(status) && status !== '401' && status !== '407')
    .reduce((sum, [, count]) => sum + count, 0);
  const noHead = failed - cutShort;
  return [
    ...new Set(exits.flatMap(describeExit)),
    ...(noHead > 0 ? [`${formatQuantity(noHead, 'request')} failed`] : []),
    ...(cutShort > 0 ? [`${formatQuantity(cutShort, 'response')} cut short`] : []),
    ...(unfinished > 0 ? [`${formatQuantity(unfinished, 'request')} not ended`] : []),
    ...(refused > 0 ? [`${formatQuantity(refused, 'request')} answered with an error`] : []),
  ];
}

function describeExit(exit: Exit | null): string[] {
  if (exit === null) return ['the end of the run is not recorded'];
  if (exit.kind === 'signal') return [`the command was ended by ${exit.signal}`];
  if (exit.kind === 'not-started') return ['the command was not started'];
  return exit.code === 0 ? [] : [`the command ended with ${exit.code}`];
}

function describeUnseen({ hosts, tlsFailures, blindSpots }: LockfileGaps): string[] {
  const tunnels = hosts.reduce((sum, host) => sum + host.tunnels, 0);
  const refusals = tlsFailures
    .filter(({ side }) => side === 'client')
    .reduce((sum, { count }) => sum + count, 0);
  const bypasses = blindSpots
    .filter(({ kind }) => kind === 'bypass')
    .reduce((sum, { count }) => sum + count, 0);
  return [
    ...(tunnels > 0 ? [`${formatQuantity(tunnels, 'connection')} tunnelled`] : []),
    ...(refusals > 0 ? [`${formatQuantity(refusals, 'connection')} not read`] : []),
    ...(bypasses > 0 ? [`${formatQuantity(bypasses, 'connection')} past the proxy`] : []),
  ];
}

function describeEmpty(facts: LockfileGaps): string[] {
  const paths = facts.blindSpots
    .filter(({ kind, subject: path }) => {
      const ecosystem = ecosystemOfLockfile(nameOf(path)) ?? '';
      return kind === 'lockfile-empty' && isRead({ path, ecosystem }, facts);
    })
    .map(({ subject }) => subject)
    .sort(compareText);
  return paths.length === 0
    ? []
    : [`without entries, so that nothing was checked against it: ${enumerate(paths)}`];
}

/** Worth saying where one of them could have spoken of something. */
function describeAside({ blindSpots, unlocked }: LockfileGaps): string[] {
  const paths = blindSpots
    .filter(
      ({ kind, subject }) =>
        kind === 'lockfile-aside' && unlocked.has(ecosystemOfLockfile(nameOf(subject)) ?? ''),
    )
    .map(({ subject }) => subject)
    .sort(compareText);
  if (paths.length === 0) return [];
  return [
    `left aside, as its tool does not look there from the working directory (--lockfile names it): ${enumerate(paths)}`,
  ];
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

/** One of several runs: a lockfile that they share was fetched by all of them together. */
export function mergeLockfileUse(all: readonly LockfileUse[]): LockfileUse[] {
  const merged = new Map<string, LockfileUse>();
  for (const use of all) {
    const key = `${use.path}\0${use.digest}`;
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined ? use : { ...known, fetched: new Set([...known.fetched, ...use.fetched]) },
    );
  }
  return [...merged.values()].sort((a, b) => compareText(a.path, b.path) || compareText(a.digest, b.digest));
}
