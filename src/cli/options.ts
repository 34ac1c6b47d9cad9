import { Command, Option } from 'commander';
import type { ClientCertificateRule, HeaderLevel, LogLevel, OnRefusal, ResolveRule } from '../audit/index.ts';
import type { OptionSpec } from './option-spec.ts';
import { optionTable } from './option-table.ts';
import { collect } from './option-values.ts';
import type { ReportRequest } from './report-request.ts';

/** What `proxaudit report` and a run have in common. */
export interface SharedOptions {
  readonly report: readonly ReportRequest[];
  readonly quiet?: boolean;
  readonly summary: 'auto' | 'always' | 'never';
  readonly verbose?: boolean;
  readonly config?: string;
  readonly failOn: readonly string[];
}

/** What the command line, the `PROXAUDIT_*` variables and the configuration files say about a run. */
export interface RunOptions extends SharedOptions {
  readonly c?: string;
  readonly output?: string;
  readonly lockfile: readonly string[];
  readonly lockfiles: boolean;
  readonly baseline?: string;
  readonly passthrough: readonly string[];
  readonly onRefusal: OnRefusal;
  readonly includeLocal?: boolean;
  readonly resolve: readonly ResolveRule[];
  readonly logHeaders: HeaderLevel;
  readonly logBody: number;
  readonly logLevel: LogLevel;
  readonly ca?: 'ephemeral' | 'mkcert';
  readonly caCert?: string;
  readonly caKey?: string;
  readonly upstreamCa?: string;
  readonly upstreamProxy?: string;
  readonly clientCert: readonly ClientCertificateRule[];
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
    .option('-c <line>', 'run one shell line');
  optionTable.forEach((spec) => command.addOption(createOption(spec)));
  return command;
}

export function addSharedOptions(command: Command): Command {
  for (const spec of optionTable) {
    if (spec.scope === 'run and report') command.addOption(createOption(spec));
  }
  return command;
}

/** The key of an option in a configuration file. */
export function keyOf({ flags }: OptionSpec): string {
  return /--([\w-]+)/.exec(flags)?.[1] ?? '';
}

export function variableOf(spec: OptionSpec): string {
  return `PROXAUDIT_${keyOf(spec).toUpperCase().replaceAll('-', '_')}`;
}

/** commander's option: flags, variable, parser, default and the choices that a message tells. */
export function createOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description).env(variableOf(spec));
  const { takes } = spec;
  switch (takes?.kind) {
    case undefined:
      return option;
    case 'choice':
      return withDefault(option.choices(takes.choices), takes.default);
    case 'one':
      return withDefault(option.argParser(takes.parse), takes.default);
    case 'many':
      return option.argParser(collect(takes.parse, takes.separator)).default([], 'none');
  }
}

function withDefault(option: Option, value: unknown): Option {
  return value === undefined ? option : option.default(value);
}

const SOURCES = ['default', 'config', 'env', 'cli'];

/** How much a value counts by where it came from: flag, variable, file, default. */
export function rankOf(command: Command, name: keyof RunOptions): number {
  return SOURCES.indexOf(command.getOptionValueSource(name) ?? 'default');
}

/**
 * The same for what reports on a run that is over: only a flag counts. Who has quiet runs by a variable or a file asks
 * for the summary by `proxaudit report`.
 */
export function summaryOfReport(command: Command): SharedOptions['summary'] {
  const isFlag = (name: keyof SharedOptions): boolean => command.getOptionValueSource(name) === 'cli';
  return isFlag('quiet') || isFlag('summary') ? summaryWhen(command) : 'auto';
}

/** What `-q` and `--summary` come to: what counts more wins, `-q` where both count the same. */
export function summaryWhen(command: Command): SharedOptions['summary'] {
  const { quiet = false, summary } = command.opts<SharedOptions>();
  return quiet && rankOf(command, 'quiet') >= rankOf(command, 'summary') ? 'never' : summary;
}
