import type { BlindSpotSummary, HostSummary, ProcessSummary, Run, RunHeader } from '../src/model/run.ts';
import { escapeTerminal } from '../src/support/escape-terminal.ts';
import { renderArtifacts } from './markdown/artifacts.ts';
import { renderFindings } from './markdown/findings.ts';
import { joinWithin } from './markdown/join-within.ts';
import type { Renderer } from './renderer.ts';
import { fitMiddle } from './text/fit.ts';
import { code, codeCell, prose, row } from './text/markdown-text.ts';
import { noticeWaivers } from './text/describe-waivers.ts';
import { describeHosts, describeUpload, nameOfProcess } from './text/describe-process.ts';
import {
  describeAnswers,
  describeCommand,
  describeDuration,
  describeExit,
  times,
} from './text/describe-run.ts';
import { describeProblem } from '../src/support/describe-problem.ts';
import { formatBytes, formatCount, formatQuantity } from '../src/support/quantities.ts';

/** Rows of a list: all lists together stay far below the 1 MiB that a GitHub step summary may have. */
const MAX_ROWS = 100;
/** Of a host. */
const MAX_OTHER_NAMES = 5;
/** A GitHub step summary may have 1 MiB. */
const MAX_BYTES = 1_000_000;
/** Columns of what is told more than once about who asked. */
const MAX_NAME = 120;

/** For a step summary or a comment: a table of hosts, then what failed and what was not seen. */
export const markdown: Renderer<'markdown'> = {
  id: 'markdown',
  title: 'Markdown',
  extension: 'md',
  mediaType: 'text/markdown',
  render: (run) => [joinWithin(MAX_BYTES, sections(run))],
};

function sections(run: Run): string[] {
  return [
    heading(run),
    ...integrity(run),
    totals(run),
    ...table(['Host', 'Requests', 'In', 'Out', 'Answers'], run.hosts, cellsOfHost),
    ...renderFindings(run),
    ...list('Waivers', noticeWaivers(run), ({ text }) => prose(text)),
    ...renderArtifacts(run),
    ...whoAsked(run),
    ...list(
      'Failed',
      run.failures,
      ({ method, url, code: name, message, count }) =>
        `${code(`${method} ${url}`)}: ${prose(times(`${name}: ${message}`, count))}`,
    ),
    ...list('Not ended', run.unfinished, code),
    ...list('Not seen', run.completeness.reasons, prose),
    ...list(
      'TLS failures',
      run.tlsFailures,
      ({ host, side, cause, advice, count }) =>
        `${code(host)} (${side}): ${prose(times(cause, count))}. ${prose(advice)}`,
    ),
    ...list('Blind spots and replaced settings', run.blindSpots, describeSpot),
    details(run),
  ];
}

function heading({ runs }: Run): string {
  const [only] = runs;
  if (runs.length !== 1 || only === undefined) return `### proxaudit: ${formatQuantity(runs.length, 'run')}`;
  return `### proxaudit: ${code(describeCommand(only.command))}`;
}

function integrity({ runs }: Run): string[] {
  return runs
    .filter(({ integrity: { verdict } }) => verdict !== 'intact')
    .slice(0, MAX_ROWS)
    .map(({ runId, integrity: { verdict, problems, isFromRecorder } }) => {
      const [first] = problems;
      const detail = first === undefined ? '' : ` ${prose(toSentence(describeProblem(first)))}`;
      const since =
        isFromRecorder === true
          ? 'was changed while the run lasted; this report is of what was recorded, not of that file'
          : 'was changed after it was written';
      return `> **Warning:** the journal of run ${code(runId)} ${verdict === 'tampered' ? since : 'is cut short'}.${detail}`;
    });
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function totals({ runs, hosts, counts, completeness, upstreamProxies }: Run): string {
  const [only] = runs;
  const ending = runs.length === 1 && only !== undefined ? endingOf(only) : '';
  const traffic =
    counts.exchanges === 0 && hosts.length === 0
      ? 'no traffic seen'
      : `${formatQuantity(counts.exchanges, 'request')} to ${formatQuantity(hosts.length, 'host')} · ` +
        `${formatBytes(counts.bytesIn)} in, ${formatBytes(counts.bytesOut)} out`;
  const failed = counts.failed > 0 ? ` · ${formatCount(counts.failed)} failed` : '';
  const proxies = upstreamProxies.map(code).join(', ');
  const way = proxies === '' ? '' : ` · via proxy ${proxies}`;
  return `${ending}${traffic}${failed}${way} · **${completeness.verdict}**`;
}

function endingOf(run: RunHeader): string {
  const duration = describeDuration(run);
  return `**${prose(describeExit(run.exit))}**${duration === '' ? '' : ` in ${duration}`} · `;
}

function cellsOfHost(host: HostSummary): string[] {
  const requests = host.requests === 0 ? '–' : formatCount(host.requests);
  const answers = prose(describeAnswers(host).join(', '));
  return [nameCellOf(host), requests, formatBytes(host.bytesIn), formatBytes(host.bytesOut), answers];
}

function nameCellOf({ host, otherNames = [] }: HostSummary): string {
  const names = otherNames.slice(0, MAX_OTHER_NAMES).map(codeCell);
  const more = otherNames.length > names.length ? ', …' : '';
  return names.length === 0 ? codeCell(host) : `${codeCell(host)} (also named ${names.join(', ')}${more})`;
}

/** Who asked, and what they sent; nothing where the system does not tell. */
function whoAsked({ processes }: Run): string[] {
  if (processes.every(({ process }) => process === null)) return [];
  const sent = processes.flatMap((one) => one.uploads.map((upload) => ({ one, upload })));
  return [
    '#### Who asked',
    ...table(['Who', 'Requests', 'In', 'Out', 'Hosts'], processes, cellsOfProcess),
    ...list('Data sent', sent, ({ one, upload }) => {
      const digest = upload.sha256 === undefined ? '' : `, ${code(`sha256:${upload.sha256}`)}`;
      return `${code(shortNameOf(one))}: ${prose(describeUpload(upload, shorten(upload.url)))}${digest}`;
    }),
  ];
}

function shortNameOf(one: ProcessSummary): string {
  return shorten(nameOfProcess(one));
}

function shorten(text: string): string {
  return fitMiddle(escapeTerminal(text), MAX_NAME);
}

function cellsOfProcess(one: ProcessSummary): string[] {
  const requests = one.requests === 0 ? '–' : formatCount(one.requests);
  const hosts = prose(shorten(describeHosts(one.hosts)));
  return [codeCell(shortNameOf(one)), requests, formatBytes(one.bytesIn), formatBytes(one.bytesOut), hosts];
}

function describeSpot({ kind, subject, advice, count }: BlindSpotSummary): string {
  return `${kind}: ${code(subject)}${count > 1 ? ` ×${formatCount(count)}` : ''}${advice === '' ? '' : `. ${prose(advice)}`}`;
}

function details({ runs }: Run): string {
  const shown = runs
    .slice(0, MAX_ROWS)
    .map(({ runId, command, cwd, capture, tool, startedAt, head, exit }) =>
      row([
        codeCell(runId),
        codeCell(describeCommand(command)),
        prose(describeExit(exit)),
        codeCell(cwd),
        capture,
        codeCell(`${tool.name} ${tool.version}`),
        codeCell(startedAt),
        codeCell(head ?? 'none'),
      ]),
    );
  const lines = [
    row(['Run', 'Command', 'Exit', 'Directory', 'Capture', 'Tool', 'Began', 'Head']),
    row(Array.from({ length: 8 }, () => '---')),
    ...shown,
    ...more(runs.length - shown.length),
  ];
  return `<details><summary>Run and head</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function table<T>(head: readonly string[], items: readonly T[], cellsOf: (item: T) => string[]): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MAX_ROWS).map((item) => row(cellsOf(item)));
  const ruler = row(head.map((_, index) => (index > 0 && index < 4 ? '---:' : '---')));
  return [[row(head), ruler, ...shown].join('\n'), ...more(items.length - shown.length)];
}

function list<T>(title: string, items: readonly T[], describe: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MAX_ROWS).map((item) => `- ${describe(item)}`);
  return [`#### ${title}`, [...shown, ...more(items.length - shown.length)].join('\n')];
}

function more(count: number): string[] {
  return count > 0 ? [`… and ${formatCount(count)} more`] : [];
}
