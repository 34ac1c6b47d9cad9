import type { Run, RunHeader } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import { INDENT, renderItem, type Page } from './page.ts';

interface Place {
  readonly journalPath?: string | undefined;
  /** Our own diagnostics. */
  readonly logPath?: string | undefined;
  /** Reports that were written to files. */
  readonly reportPaths?: readonly string[] | undefined;
  readonly home?: string | undefined;
}

/** What it went through, where the journal is, and its head; with `verbose` what else is known of each run. */
export function renderPlace({ runs, upstreamProxies }: Run, page: Page, place: Place): string[] {
  const proxies = upstreamProxies.flatMap((url) => renderItem('via proxy', url, page));
  const isChanged = runs.some(({ integrity }) => integrity.isFromRecorder === true);
  const journal = renderFile(['journal', place.journalPath], page, place).map((line) =>
    isChanged ? `${line} (not what was recorded)` : line,
  );
  const others = renderOtherFiles(page, place);
  if (!page.verbose) {
    const [only] = runs;
    const head = runs.length === 1 ? (only?.head ?? null) : null;
    return [...proxies, ...journal, ...(head === null ? [] : [renderFact('head', head, page)]), ...others];
  }
  return [
    ...proxies,
    ...journal,
    ...runs.flatMap((run) => factsOf(run).map(([name, value]) => renderFact(name, value, page))),
    ...others,
  ];
}

/** Where our own diagnostics are, if there are any, and the reports. */
export function renderOtherFiles(page: Page, place: Place): string[] {
  const reports = (place.reportPaths ?? []).flatMap((path) => renderFile(['report', path], page, place));
  return [...renderFile(['log', place.logPath], page, place), ...reports];
}

function renderFile([name, path]: [string, string | undefined], page: Page, { home }: Place): string[] {
  return path === undefined ? [] : [renderFact(name, tildeOf(path, home), page)];
}

function factsOf({
  runId,
  head,
  tool,
  capture,
  cwd,
  host,
  startedAt,
  endedAt,
}: RunHeader): [string, string][] {
  return [
    ['run', runId],
    ['head', head ?? 'none: the journal was cut short'],
    ['began', startedAt],
    ['ended', endedAt ?? 'not recorded'],
    ['capture', capture],
    ['in', cwd],
    [
      'by',
      `${tool.name} ${tool.version}, Node ${host.node} on ${host.platform} ${host.release} ${host.arch}`,
    ],
  ];
}

const NAME_WIDTH = 9;

/** `  name     value`, in one piece however long: a path or a head is there to be copied. */
function renderFact(name: string, value: string, { style }: Page): string {
  return INDENT + style.dim(name.padEnd(NAME_WIDTH)) + escapeTerminal(value);
}

function tildeOf(path: string, home: string | undefined): string {
  return home !== undefined && home !== '/' && path.startsWith(`${home}/`)
    ? `~${path.slice(home.length)}`
    : path;
}
