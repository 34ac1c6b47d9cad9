import type { BlindSpotSummary, FailureSummary, Run, TlsFailureSummary } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { times } from '../text/describe-run.ts';
import { fitMiddle } from '../text/fit.ts';
import { firstOf, INDENT, renderAdvice, renderHead, renderItem, type Page } from './page.ts';

/** What failed, and what was not seen, as blocks of lines. */
export function renderTrouble(run: Run, page: Page): string[][] {
  return [
    renderFailed(run, page),
    renderUnfinished(run, page),
    renderNotSeen(run, page),
    renderReplaced(run, page),
  ];
}

function renderFailed(run: Run, page: Page): string[] {
  const told = (advice: string): boolean => run.failures.some(({ message }) => message.includes(advice));
  const upstream = run.tlsFailures.filter(({ side, advice }) => side === 'upstream' && !told(advice));
  if (run.failures.length === 0 && upstream.length === 0) return [];
  return [
    renderHead('Failed', page),
    ...firstOf(run.failures, page, (failure) => renderFailure(failure, page)),
    ...firstOf(upstream, page, (failure) => [
      ...renderItem(page.style.bad('✗'), times(`${failure.host}: ${failure.cause}`, failure.count), page),
      ...renderAdvice(failure.advice, page),
    ]),
  ];
}

function renderFailure({ method, url, code, message, count }: FailureSummary, page: Page): string[] {
  const mark = page.style.bad('✗');
  const what = escapeTerminal(`${method} ${url}`);
  const request = page.verbose
    ? renderItem(mark, what, page)
    : [`${INDENT}${mark} ${fitMiddle(what, page.width - 4)}`];
  return [...request, ...renderItem(' ', times(`${code}: ${message}`, count), page)];
}

function renderUnfinished({ unfinished }: Run, page: Page): string[] {
  if (unfinished.length === 0) return [];
  return [
    renderHead('Not ended', page),
    ...firstOf(unfinished, page, (text) => [
      `${INDENT}${page.style.warn('!')} ${fitMiddle(escapeTerminal(text), page.width - 4)}`,
    ]),
  ];
}

function renderNotSeen({ completeness, tlsFailures, blindSpots }: Run, page: Page): string[] {
  const { verdict, reasons } = completeness;
  const { style } = page;
  if (verdict !== 'incomplete') {
    const unread = blindSpots.filter(({ kind }) => kind === 'lockfile-unread');
    return [
      ...firstOf(unread, page, (spot) => renderItem(style.warn('!'), describeSpot(spot), page)),
      ...reasons.flatMap((reason) => renderItem('·', reason, page)).map(style.dim),
    ];
  }
  const refusals = tlsFailures.filter(({ side }) => side === 'client');
  const spots = blindSpots.filter(({ kind, advice }) => kind !== 'replaced-setting' && advice !== '');
  return [
    renderHead('Not seen', page),
    ...reasons.flatMap((reason) => renderItem(style.warn('!'), reason, page)),
    ...firstOf(refusals, page, (refusal) =>
      renderAdvice(describeRefusal(refusal, page, refusals.length), page),
    ),
    ...firstOf(spots, page, (spot) => renderAdvice(describeSpot(spot), page)),
  ];
}

function describeRefusal(refusal: TlsFailureSummary, { verbose }: Page, count: number): string {
  const { host, cause, advice, process } = refusal;
  if (!verbose) return count === 1 ? advice : `${host}: ${advice}`;
  const script =
    process?.package === undefined ? '' : `, ${process.script ?? 'script'} of ${process.package}`;
  const who = process === undefined ? 'unknown process' : `${process.name} (pid ${process.pid}${script})`;
  return times(`${host}: ${advice} [${who}: ${cause}]`, refusal.count);
}

function describeSpot({ subject, advice, count }: BlindSpotSummary): string {
  return times(`${subject}: ${advice}`, count);
}

function renderReplaced({ blindSpots }: Run, page: Page): string[] {
  const replaced = blindSpots.filter(({ kind }) => kind === 'replaced-setting');
  if (replaced.length === 0) return [];
  return [
    renderHead('Settings replaced for this run', page),
    ...firstOf(replaced, page, (spot) => renderItem(page.style.dim('·'), describeSpot(spot), page)),
  ];
}
