import type { Completeness } from '../model/outcome.ts';
import type { BlindSpotSummary, Integrity, RunFacts, RunHeader } from '../model/run.ts';
import { formatQuantity } from '../support/quantities.ts';
import { enumerate } from './enumerate.ts';
import { mergeLockfileUse } from './lockfile-use.ts';
import { describeNotWhole, type NotWholeFacts } from './not-whole.ts';

type Traffic = 'hosts' | 'statuses' | 'tlsFailures' | 'blindSpots';

/** What is known of one run, or of several, beside what its report has: with it, how complete that is can be told. */
export interface Gaps extends Omit<NotWholeFacts, Traffic> {
  readonly captures: readonly {
    readonly mode: RunHeader['capture'];
    /** Between two looks at the connections of the run; undefined when nobody looked. */
    readonly longestGapMs: number | undefined;
  }[];
  readonly integrities: readonly Integrity[];
  /** Connections that were tunnelled unread. */
  readonly tunnelled: number;
}

type CompletenessFacts = Gaps & Pick<RunFacts, Traffic>;

/** The best that each capture mode may say when nothing else speaks against it, and what it cannot see. */
const MODES: Readonly<Record<RunHeader['capture'], Completeness>> = {
  env: {
    verdict: 'proxied-only',
    reasons: ['programs that ignore proxy variables are not seen'],
  },
  netns: { verdict: 'complete', reasons: [] },
  notify: {
    verdict: 'proxied-only',
    reasons: ['loopback and what a program sends around connect() are not seen'],
  },
  gateway: { verdict: 'proxied-only', reasons: ['only what was routed through the gateway is seen'] },
};

/** How much of the traffic of the commands the journals can claim to hold, and why not more. */
export function computeCompleteness(facts: CompletenessFacts): Completeness {
  const known = [
    ...describeCaptures(facts),
    ...subjectGap(facts, 'no-proxy', 'not seen, as NO_PROXY keeps it direct'),
    ...subjectGap(facts, 'direct-dns', 'names were looked up directly'),
    ...subjectGap(facts, 'parts', 'came in parts that were not put together: no artifacts'),
    ...subjectGap(facts, 'open-udp', 'where these send by UDP is not known'),
    ...refusedGap(facts, 'other-user'),
    ...describeNotWhole(facts),
  ];
  const gaps = [
    ...bypassGap(facts),
    ...subjectGap(facts, 'daemon', 'asked to fetch on the command’s behalf, unseen'),
    ...subjectGap(facts, 'other-network', 'with a network of their own, unseen'),
    ...new Set(facts.integrities.flatMap(describeIntegrity)),
    ...unfinishedGap(facts),
    ...subjectGap(facts, 'journal-failed', 'not all could be recorded, as something failed in it'),
    ...tunnelGap(facts),
    ...subjectGap(facts, 'client-certificate-wanted', 'wanted a client certificate, which is not known here'),
    ...subjectGap(facts, 'not-http-in-tls', 'not HTTP inside TLS'),
    ...subjectGap(facts, 'unparsed', 'not read from there on, as the framing is ambiguous'),
    ...subjectGap(facts, 'not-examined', 'not looked into, as a limit was reached'),
    ...subjectGap(facts, 'still-running', 'still running when the journal was closed'),
    ...refusalGap(facts),
    ...refusedGap(facts, 'refused'),
  ];
  return { verdict: gaps.length === 0 ? bestOf(facts) : 'incomplete', reasons: [...known, ...gaps] };
}

const VERDICTS = ['complete', 'proxied-only', 'incomplete'] as const;

/** Of several runs, what the weakest capture may say. */
function bestOf({ captures }: CompletenessFacts): Completeness['verdict'] {
  const worst = Math.max(0, ...captures.map(({ mode }) => VERDICTS.indexOf(MODES[mode].verdict)));
  return VERDICTS[worst] ?? 'incomplete';
}

/** Of runs that were sampled at different intervals, the longest speaks for all. */
function describeCaptures({ captures }: CompletenessFacts): string[] {
  const sampled = captures.flatMap(({ mode, longestGapMs: gap }) =>
    mode === 'env' && gap !== undefined ? [gap] : [],
  );
  const others = captures.filter(({ mode, longestGapMs: gap }) => mode !== 'env' || gap === undefined);
  return [
    ...(sampled.length === 0 ? [] : [describeSampling(Math.max(...sampled))]),
    ...new Set(others.flatMap(({ mode }) => MODES[mode].reasons)),
  ];
}

/** Said of sampling: a connection that lived shorter than a gap may have come and gone within it. */
function describeSampling(gapMs: number): string {
  return `programs that ignore proxy variables are seen by samples only: what lives less than ${gapMs} ms may be missed`;
}

function bypassGap({ blindSpots }: CompletenessFacts): string[] {
  const spots = blindSpots.filter(({ kind }) => kind === 'bypass');
  const count = spots.reduce((sum, spot) => sum + spot.count, 0);
  const subjects = spots.map(({ subject }) => subject);
  return count === 0
    ? []
    : [`${formatQuantity(count, 'connection')} went past the proxy: ${enumerate(subjects)}`];
}

/** What is known of several runs together. */
export function mergeGaps(all: readonly Gaps[]): Gaps {
  const sum = (member: 'failed' | 'cutShort' | 'unfinished' | 'tunnelled'): number =>
    all.reduce((total, gaps) => total + gaps[member], 0);
  return {
    captures: all.flatMap(({ captures }) => captures),
    integrities: all.flatMap(({ integrities }) => integrities),
    lockfileUse: mergeLockfileUse(all.flatMap(({ lockfileUse }) => lockfileUse)),
    exits: all.flatMap(({ exits }) => exits),
    commands: all.flatMap(({ commands }) => commands),
    unlocked: new Set(all.flatMap(({ unlocked }) => [...unlocked])),
    failed: sum('failed'),
    cutShort: sum('cutShort'),
    unfinished: sum('unfinished'),
    tunnelled: sum('tunnelled'),
  };
}

function describeIntegrity(integrity: Integrity): string[] {
  const { verdict, problems } = integrity;
  if (verdict === 'tampered') return [describeTampering(integrity)];
  if (verdict === 'truncated') return ['the journal was cut short: what came after its last line is unknown'];
  if (problems.length === 0) return [];
  return [`${formatQuantity(problems.length, 'line')} of the journal could not be understood`];
}

function unfinishedGap({ unfinished }: CompletenessFacts): string[] {
  return unfinished === 0
    ? []
    : [`${formatQuantity(unfinished, 'request')} had not ended when the journal did`];
}

function describeTampering({ isFromRecorder, problems: [first] }: Integrity): string {
  if (isFromRecorder === true)
    return 'the journal was changed while the run lasted: it does not hold what was recorded';
  const isBroken = first?.line !== undefined;
  return `the journal was changed after it was written${isBroken ? ': its chain is broken' : ''}`;
}

function tunnelGap({ hosts, tunnelled: count, blindSpots }: CompletenessFacts): string[] {
  const names = hosts.filter(({ tunnels }) => tunnels > 0).map(({ host }) => host);
  if (count > 0) return [`${formatQuantity(count, 'connection')} tunnelled unread: ${enumerate(names)}`];
  const spots = blindSpots.filter(({ kind }) => kind === 'tunnelled' || kind === 'passed-through');
  return spots.length === 0 ? [] : [`tunnelled unread: ${enumerate(spots.map((spot) => spot.subject))}`];
}

function refusalGap({ tlsFailures, blindSpots }: CompletenessFacts): string[] {
  const refused = tlsFailures.filter(({ side }) => side === 'client');
  const count = refused.reduce((sum, failure) => sum + failure.count, 0);
  const spots = blindSpots.filter(({ kind }) => kind === 'ca-refused').map((spot) => spot.subject);
  const subjects = [...new Set(count > 0 ? refused.map(({ host }) => host) : spots)].sort();
  if (subjects.length === 0) return [];
  const connections = formatQuantity(count > 0 ? count : subjects.length, 'connection');
  return [`${connections} not read, as the client refused the audit CA: ${enumerate(subjects)}`];
}

/** What was not served at all: none of it went anywhere. */
function refusedGap({ blindSpots }: CompletenessFacts, kind: 'refused' | 'other-user'): string[] {
  return blindSpots
    .filter((spot) => spot.kind === kind)
    .map(({ subject, count }) => `${formatQuantity(count, 'connection')} refused: ${subject}`);
}

function subjectGap(
  { blindSpots }: CompletenessFacts,
  kind: BlindSpotSummary['kind'],
  text: string,
): string[] {
  const subjects = blindSpots.filter((spot) => spot.kind === kind).map((spot) => spot.subject);
  return subjects.length === 0 ? [] : [`${text}: ${enumerate([...subjects].sort())}`];
}
