import type { Command } from 'commander';
import { audit, exitStatus, type AuditOptions, type AuditResult } from '../audit/index.ts';
import { AuditError } from '../support/errors.ts';
import { chooseCa } from './choose-ca.ts';
import { chooseLockfiles } from './choose-lockfiles.ts';
import { refuseForeignFiles } from './confined-report.ts';
import { applyConfiguration } from './configuration.ts';
import { readExactEnvironment, refuseRawBytesIn, refuseRawDirectory } from './exact-input.ts';
import { findReason, FOUND } from './fail-on.ts';
import { findSimilar } from './find-similar.ts';
import { summaryOfReport, summaryWhen, type RunOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { refuseOneFile } from './refuse-one-file.ts';
import type { Surroundings } from './surroundings.ts';
import { printError, printSummary } from './terminal.ts';
import { warnOfUnknownVariables } from './unknown-variables.ts';
import { subcommandUsages } from './usage.ts';
import { writeReports } from './write-reports.ts';

const RECORDING_FAILED = 125;

interface RunArguments {
  /** proxaudit's own options. */
  readonly own: readonly string[];
  readonly command: readonly string[];
  /** It stood behind `--`, so that no subcommand was meant. */
  readonly isExplicit: boolean;
}

const SUBCOMMANDS = subcommandUsages.map(({ usage }) => usage.split(' ', 1)[0] ?? '');

/** Runs the command, or reports on a journal that came on stdin, and returns the exit status. */
export async function runCommand(
  main: Command,
  { own, command, isExplicit }: RunArguments,
  surroundings: Surroundings,
): Promise<number> {
  parseOptions(main, own);
  const waivers = await applyConfiguration(main);
  const options = main.opts<RunOptions>();
  refuseRawBytesIn(own, options.c);
  for (const { path, format } of options.report) {
    if (path !== '-') continue;
    throw new AuditError('bad-usage', `--report ${format}=-: stdout belongs to the command`, {
      hint: `Give a file, or run "proxaudit report --report ${format}" afterwards.`,
    });
  }
  refuseOneFile(options.report, options.output);
  refuseForeignFiles(options.report);
  // Else it would stand in the journal.
  if (options.output !== '-') warnOfUnknownVariables(process.env);
  const result = await audit({
    ...toAuditOptions(options, command, surroundings),
    ca: chooseCa(main),
    lockfiles: chooseLockfiles(main),
    waivers,
  });
  if (result.kind === 'report') {
    // Apart from the rest: the journal's schemas are half of the bundle, and a run does not need them.
    const { reportOn } = await import('./report-command.ts');
    return reportOn(['-'], { ...options, summary: summaryOfReport(main) }, result.stream);
  }
  const [word = ''] = isExplicit ? [] : command;
  return conclude(result, { ...options, summary: summaryWhen(main) }, hintFor(word));
}

/** For a command that is not there, and may have been meant as one of ours. */
function hintFor(word: string): string | undefined {
  if (word === 'help' || word === 'version') return `Did you mean "proxaudit --${word}"?`;
  const similar = word === '' ? undefined : findSimilar(word, SUBCOMMANDS);
  return similar === undefined ? undefined : `Did you mean "proxaudit ${similar}"?`;
}

async function conclude(result: AuditResult, options: RunOptions, hint: string | undefined): Promise<number> {
  const { exit, run, journalFile, directory, logFile } = result;
  if (exit.kind === 'not-started')
    printError({ message: exit.message, hint: exit.code === 127 ? hint : undefined });
  const { written, failed } = await writeReports(options.report, run, { stdout: false, directory });
  if (wantsSummary(options))
    await printSummary(run, {
      verbose: options.verbose === true,
      journalFile,
      written,
      logFile,
      isAfterCommand: true,
    });
  const failures = [...(result.failure === undefined ? [] : [explain(result.failure)]), ...failed];
  failures.forEach(printError);
  const status = exitStatus(exit);
  if (status !== 0) return status;
  if (failures.length > 0) return RECORDING_FAILED;
  const reason = findReason(run, options.failOn);
  if (reason === undefined) return status;
  printError(reason);
  return FOUND;
}

function explain(failure: Error): Pick<AuditError, 'message' | 'hint'> {
  if (failure instanceof AuditError && failure.code === 'journal-tampered') return failure;
  const hint = failure instanceof AuditError ? failure.hint : 'Please report this as a bug.';
  return { message: `recording failed: ${failure.message}`, hint };
}

function wantsSummary({ summary }: RunOptions): boolean {
  if (summary !== 'auto') return summary === 'always';
  return process.env['PROXAUDIT_ACTIVE_RUN'] === undefined;
}

function toAuditOptions(
  options: RunOptions,
  command: readonly string[],
  { signals, bundleDirectory }: Surroundings,
): Omit<AuditOptions, 'ca' | 'lockfiles' | 'waivers'> {
  return {
    command,
    line: options.c,
    env: readExactEnvironment(process.env),
    cwd: findWorkingDirectory(),
    output: options.output,
    baseline: options.baseline,
    passthrough: options.passthrough,
    onRefusal: options.onRefusal,
    logHeaders: options.logHeaders,
    logBody: options.logBody,
    logLevel: options.logLevel,
    includeLocal: options.includeLocal === true,
    resolve: options.resolve,
    upstreamCaFile: options.upstreamCa,
    upstreamProxy: options.upstreamProxy,
    clientCertificates: options.clientCert,
    host: options.host,
    port: options.port,
    drainMs: options.drain * 1000,
    signals,
    ownsProcess: true,
    bundleDirectory,
  };
}

function findWorkingDirectory(): string {
  let directory: string;
  try {
    directory = process.cwd();
  } catch (cause) {
    throw new AuditError('cannot-start', 'the working directory does not exist any more', {
      hint: 'Change to a directory that exists, and run it again.',
      cause,
    });
  }
  refuseRawDirectory(directory);
  return directory;
}
