import { Command, Option } from 'commander';
import { collect, parseFile, parseHosts, parseLoopback, parseNumber, parseRules } from './option-values.ts';
import { parseReportRequest, type ReportRequest } from './report-request.ts';
import { MAX_DRAIN_SECONDS, MAX_PORT, type ResolveRule } from '../audit/index.ts';

/** What `proxaudit report` and a run have in common. */
export interface SharedOptions {
  readonly report: readonly ReportRequest[];
  readonly quiet?: boolean;
  readonly summary: 'auto' | 'always' | 'never';
  readonly verbose?: boolean;
}

/** What the command line and the `PROXAUDIT_*` variables say about a run. */
export interface RunOptions extends SharedOptions {
  readonly c?: string;
  readonly output?: string;
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

/** The options of a run; `--help` shows them in this order. */
export function createRunCommand(): Command {
  const command = new Command('proxaudit')
    .usage('[options] [--] COMMAND [ARG…]')
    .description(
      'Runs COMMAND and tells what it fetched from the network and what it sent out.\n' +
        'Without a command: runs the shell script on stdin, or at a terminal your $SHELL, audited.',
    )
    .option('-c <line>', 'run one shell line')
    .addOption(
      new Option('-o, --output <file>', 'write the journal to FILE (- is stderr)')
        .env('PROXAUDIT_OUTPUT')
        .argParser(parseFile),
    );
  return addListenerOptions(addCaOptions(addReachOptions(addSharedOptions(command))));
}

/** What is audited, and how it is reached. */
function addReachOptions(command: Command): Command {
  return command
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
    );
}

function addCaOptions(command: Command): Command {
  const file = (flags: string, description: string, variable: string): Option =>
    new Option(flags, description).env(variable).argParser(parseFile);
  return command
    .addOption(
      file('--upstream-ca <file>', 'trust these roots for upstream servers too', 'PROXAUDIT_UPSTREAM_CA'),
    )
    .addOption(file('--ca-cert <file>', 'use this CA instead of one made for the run', 'PROXAUDIT_CA_CERT'))
    .addOption(file('--ca-key <file>', 'its private key', 'PROXAUDIT_CA_KEY'))
    .addOption(new Option('--ca <mkcert>', "use mkcert's CA").choices(['mkcert']).env('PROXAUDIT_CA'));
}

function addListenerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--host <address>', 'listen on this loopback address')
        .env('PROXAUDIT_HOST')
        .argParser(parseLoopback)
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <number>', 'listen on this port; 0 is any free one')
        .env('PROXAUDIT_PORT')
        .argParser((text) => parseNumber(text, { from: 0, to: MAX_PORT, whole: true }))
        .default(0),
    )
    .addOption(
      new Option('--drain <seconds>', 'after the command ended, wait this long for what it left running')
        .env('PROXAUDIT_DRAIN')
        .argParser((text) => parseNumber(text, { from: 0, to: MAX_DRAIN_SECONDS, whole: false }))
        .default(2),
    );
}

/** What `-q`, `--summary` and their variables come to; a flag wins over a variable, `-q` over `--summary`. */
export function summaryWhen(command: Command): SharedOptions['summary'] {
  const { quiet = false, summary } = command.opts<SharedOptions>();
  const isOverruled =
    command.getOptionValueSource('quiet') === 'env' && command.getOptionValueSource('summary') === 'cli';
  return quiet && !isOverruled ? 'never' : summary;
}

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
    .addOption(new Option('-q, --quiet', 'no summary').env('PROXAUDIT_QUIET'))
    .addOption(
      new Option('--verbose', 'more in the summary: every host, failure and reason').env('PROXAUDIT_VERBOSE'),
    );
}
