import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AuditError } from '../support/errors.ts';
import { parseReportRequest, type ReportRequest } from './report-request.ts';
import { parseResolveRule } from './resolve-rule.ts';
import { print, STDOUT } from './terminal.ts';
import type { ResolveRule } from '../audit/index.ts';

export type SummaryWhen = 'auto' | 'always' | 'never';

/** What the command line and the `PROXAUDIT_*` variables say about a run. */
export interface RunOptions {
  readonly line?: string;
  readonly output?: string;
  readonly report: readonly ReportRequest[];
  readonly quiet?: boolean;
  readonly summary: SummaryWhen;
  readonly verbose?: boolean;
  readonly passthrough: readonly string[];
  readonly includeLocal?: boolean;
  readonly resolve: readonly ResolveRule[];
  readonly ca?: 'mkcert';
  readonly caCert?: string;
  readonly caKey?: string;
  readonly upstreamCa?: string;
  readonly host: string;
  readonly port: number;
  readonly drain: number;
}

const MAX_DRAIN_SECONDS = 3600;

/** The options of a run; `--help` shows them in this order. */
export function createRunCommand(): Command {
  return addSharedOptions(
    new Command('proxaudit')
      .usage('[options] [--] COMMAND [ARG…]')
      .description(
        'Runs COMMAND and tells what it fetched from the network and what it sent out.\n' +
          'Without a command: runs the shell script on stdin, or at a terminal your $SHELL, audited.',
      )
      .option('-c <line>', 'run one shell line')
      .addOption(
        new Option('-o, --output <file>', 'write the journal to FILE (- is stderr)').env('PROXAUDIT_OUTPUT'),
      ),
  )
    .addOption(
      new Option('--passthrough <host>', 'leave the connections to HOST (or *.SUFFIX) unread; repeatable')
        .env('PROXAUDIT_PASSTHROUGH')
        .argParser(collect(parseHosts))
        .default([], 'none'),
    )
    .addOption(
      new Option('--include-local', 'audit connections to loopback too').env('PROXAUDIT_INCLUDE_LOCAL'),
    )
    .addOption(
      new Option('--resolve <host[:port]=addr[:port]>', 'dial ADDR for HOST; repeatable')
        .env('PROXAUDIT_RESOLVE')
        .argParser(collect(parseRules))
        .default([], 'none'),
    )
    .addOption(
      new Option('--upstream-ca <file>', 'trust these roots for upstream servers too').env(
        'PROXAUDIT_UPSTREAM_CA',
      ),
    )
    .addOption(
      new Option('--ca-cert <file>', 'use this CA instead of one made for the run').env('PROXAUDIT_CA_CERT'),
    )
    .addOption(new Option('--ca-key <file>', 'its private key').env('PROXAUDIT_CA_KEY'))
    .addOption(new Option('--ca <mkcert>', "use mkcert's CA").choices(['mkcert']).env('PROXAUDIT_CA'))
    .addOption(new Option('--host <address>', 'listen here').env('PROXAUDIT_HOST').default('127.0.0.1'))
    .addOption(
      new Option('--port <number>', 'listen on this port; 0 is any free one')
        .env('PROXAUDIT_PORT')
        .argParser((text) => parseNumber(text, { from: 0, to: 65535, whole: true }))
        .default(0),
    )
    .addOption(
      new Option('--drain <seconds>', 'after the command ended, wait this long for what it left running')
        .env('PROXAUDIT_DRAIN')
        .argParser((text) => parseNumber(text, { from: 0, to: MAX_DRAIN_SECONDS, whole: false }))
        .default(2),
    );
}

/** What `proxaudit report` and a run have in common. */
export function addSharedOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--report <format[=path]>', 'write a report: json or markdown; repeatable')
        .env('PROXAUDIT_REPORT')
        .argParser(collect((text) => [parseReportRequest(text)], /\n+/))
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--summary <when>',
        'the summary on stderr; auto leaves it to the outer one of two proxaudits',
      )
        .choices(['auto', 'always', 'never'])
        .env('PROXAUDIT_SUMMARY')
        .default('auto'),
    )
    .option('-q, --quiet', 'no summary')
    .addOption(
      new Option('--verbose', 'more in the summary: every host, failure and reason').env('PROXAUDIT_VERBOSE'),
    );
}

/** Parses options alone. Throws `AuditError` code `bad-usage`; `--help` and `--version` end in `CommanderError`. */
export function parseOptions<T>(command: Command, args: readonly string[]): T {
  command.exitOverride().configureOutput({
    writeOut: (text) => {
      print(STDOUT, text);
    },
    outputError: () => undefined,
  });
  try {
    return command.parse(args, { from: 'user' }).opts<Record<string, unknown>>() as T;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode !== 0) {
      throw new AuditError('bad-usage', error.message.replace(/^error: /, ''), {
        hint: 'See proxaudit --help.',
      });
    }
    throw error;
  }
}

/** Gathers repeated options; a variable holds several values, separated by white space (reports: by line ends). */
function collect<T>(
  parse: (text: string) => readonly T[],
  separator = /\s+/,
): (text: string, previous: readonly T[] | undefined) => T[] {
  return (text, previous) => [
    ...(previous ?? []),
    ...rethrow(() => text.split(separator).filter(Boolean).flatMap(parse)),
  ];
}

function rethrow<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof AuditError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function parseRules(text: string): ResolveRule[] {
  return [parseResolveRule(text)];
}

function parseHosts(text: string): string[] {
  if (/^(?:\*\.)?[^\s*/:]+$/.test(text)) return [text];
  throw new InvalidArgumentError('Expected a host name or *.SUFFIX, without scheme or port.');
}

function parseNumber(text: string, range: { from: number; to: number; whole: boolean }): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= range.from && value <= range.to && (!range.whole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(
    `Expected a ${range.whole ? 'whole ' : ''}number from ${range.from} to ${range.to}.`,
  );
}
