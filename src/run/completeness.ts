import type { Completeness } from '../model/outcome.ts';
import type { BlindSpotSummary, Integrity, RunHeader, TlsFailureSummary } from '../model/run.ts';
import { formatQuantity } from '../support/quantities.ts';
import { enumerate } from './enumerate.ts';
import { describeNotWhole, type NotWholeFacts } from './not-whole.ts';

export interface CompletenessFacts extends NotWholeFacts {
  readonly capture: RunHeader['capture'];
  /** Between two looks at the connections of the run; undefined when nobody looked. */
  readonly longestGapMs: number | undefined;
  readonly integrity: Integrity;
  /** Exchanges that were started and never completed. */
  readonly unfinished: number;
  readonly tlsFailures: readonly TlsFailureSummary[];
  readonly blindSpots: readonly BlindSpotSummary[];
}

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

/** How much of the command's traffic the journal can claim to hold, and why not more. */
export function computeCompleteness(facts: CompletenessFacts): Completeness {
  const mode = MODES[facts.capture];
  const known = [
    ...(facts.capture === 'env' && facts.longestGapMs !== undefined
      ? [describeSampling(facts.longestGapMs)]
      : mode.reasons),
    ...subjectGap(facts, 'no-proxy', 'not seen, as NO_PROXY keeps it direct'),
    ...subjectGap(facts, 'direct-dns', 'names were looked up directly'),
    ...subjectGap(facts, 'open-udp', 'where these send by UDP is not known'),
    ...describeNotWhole(facts),
  ];
  const gaps = [
    ...bypassGap(facts),
    ...subjectGap(facts, 'daemon', 'asked to fetch on the command’s behalf, unseen'),
    ...subjectGap(facts, 'other-network', 'with a network of their own, unseen'),
    ...journalGaps(facts),
    ...subjectGap(facts, 'journal-failed', 'the journal could not be written at all times'),
    ...tunnelGap(facts),
    ...subjectGap(facts, 'not-examined', 'not looked into, as a limit was reached'),
    ...subjectGap(facts, 'still-running', 'still running when the journal was closed'),
    ...refusalGap(facts),
  ];
  return { verdict: gaps.length === 0 ? mode.verdict : 'incomplete', reasons: [...known, ...gaps] };
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

const VERDICTS = ['complete', 'proxied-only', 'incomplete'] as const;

/** The worst verdict of several runs, and every reason once. */
export function mergeCompleteness(all: readonly Completeness[]): Completeness {
  const worst = Math.max(0, ...all.map(({ verdict }) => VERDICTS.indexOf(verdict)));
  return {
    verdict: VERDICTS[worst] ?? 'incomplete',
    reasons: withLongestGap([...new Set(all.flatMap(({ reasons }) => reasons))]),
  };
}

/** Of runs that were sampled at different intervals, the longest speaks for all. */
function withLongestGap(reasons: readonly string[]): string[] {
  const longest = Math.max(...reasons.map(gapOf));
  return reasons.filter((reason) => gapOf(reason) === -1 || gapOf(reason) === longest);
}

/** The milliseconds in what `describeSampling` said; -1 of any other reason. */
function gapOf(reason: string): number {
  const [, gap = '-1'] = /(?<!\d)(\d+) ms may be missed$/.exec(reason) ?? [];
  return reason === describeSampling(Number(gap)) ? Number(gap) : -1;
}

function journalGaps({ integrity, unfinished }: CompletenessFacts): string[] {
  const gaps: string[] = [];
  if (integrity.verdict === 'tampered')
    gaps.push('the journal was changed after it was written: its chain is broken');
  if (integrity.verdict === 'truncated')
    gaps.push('the journal was cut short: what came after its last line is unknown');
  if (integrity.verdict === 'intact' && integrity.problems.length > 0) {
    gaps.push(`${formatQuantity(integrity.problems.length, 'line')} of the journal could not be understood`);
  }
  if (unfinished > 0)
    gaps.push(`${formatQuantity(unfinished, 'request')} had not ended when the journal did`);
  return gaps;
}

function tunnelGap({ hosts, blindSpots }: CompletenessFacts): string[] {
  const tunnelled = hosts.filter((host) => host.tunnels > 0);
  const count = tunnelled.reduce((sum, host) => sum + host.tunnels, 0);
  if (count > 0)
    return [
      `${formatQuantity(count, 'connection')} tunnelled unread: ${enumerate(tunnelled.map((h) => h.host))}`,
    ];
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

function subjectGap(
  { blindSpots }: CompletenessFacts,
  kind: BlindSpotSummary['kind'],
  text: string,
): string[] {
  const subjects = blindSpots.filter((spot) => spot.kind === kind).map((spot) => spot.subject);
  return subjects.length === 0 ? [] : [`${text}: ${enumerate([...subjects].sort())}`];
}
