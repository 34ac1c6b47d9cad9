import { audit, exitStatus, type AuditOptions, type AuditResult, type CaChoice } from '../audit/index.ts';
import type { Signals } from '../audit/signals.ts';
import { AuditError } from '../support/errors.ts';
import { createMainCommand } from './commands.ts';
import { parseOptions, type RunOptions } from './options.ts';
import { print, printError, printSummary, STDERR } from './terminal.ts';
import { writeReports } from './write-reports.ts';

const RECORDING_FAILED = 125;

/** What stands before the arguments are read. */
export interface Surroundings {
  readonly signals: Signals;
  /** Folder of the bundle. */
  readonly bundleDirectory: string;
}

/** What only the entry of the bundle knows. */
export interface Surroundings {
  readonly signals: Signals;
  /** The folder of the bundle. */
  readonly bundleDirectory: string;
}

/** Runs the command, or reports on a journal that came on stdin, and returns the exit status. */
export async function runCommand(
  own: readonly string[],
  command: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const options = parseOptions<RunOptions & { c?: string }>(createMainCommand(), own);
  for (const { path, renderer } of options.report) {
    if (path !== '-') continue;
    throw new AuditError('bad-usage', `--report ${renderer.id}=-: stdout belongs to the command`, {
      hint: `Give a file, or run "proxaudit report --report ${renderer.id}" afterwards.`,
    });
  }
  const result = await audit(toAuditOptions(options, command, surroundings));
  if (result.kind === 'report') {
    // Apart from the rest: the journal's schemas are half of the bundle, and a run does not need them.
    const { replay } = await import('../audit/replay.ts');
    const { run } = await replay(['-'], { env: process.env, stdin: result.stream });
    await writeReports(options.report, run, { stdout: true, directory: null });
    if (options.report.length === 0)
      printSummary(run, { verbose: options.verbose === true, journalFile: null });
    return 0;
  }
  return conclude(result, options);
}

async function conclude(result: AuditResult, options: RunOptions): Promise<number> {
  const { exit, run, journalFile, directory, failure } = result;
  if (exit.kind === 'not-started') print(STDERR, `proxaudit: ${exit.message}\n`);
  const written = await writeReports(options.report, run, { stdout: false, directory });
  if (wantsSummary(options)) printSummary(run, { verbose: options.verbose === true, journalFile, written });
  const status = exitStatus(exit);
  if (failure === undefined) return status;
  const hint = failure instanceof AuditError ? failure.hint : 'Please report this as a bug.';
  printError(
    new AuditError(
      'journal-failed',
      `recording failed: ${failure.message}`,
      hint === undefined ? {} : { hint },
    ),
  );
  return status === 0 ? RECORDING_FAILED : status;
}

function wantsSummary({ quiet, summary }: RunOptions): boolean {
  if (quiet === true || summary === 'never') return false;
  return summary === 'always' || process.env['PROXAUDIT_ACTIVE_RUN'] === undefined;
}

function toAuditOptions(
  options: RunOptions & { c?: string },
  command: readonly string[],
  { signals, bundleDirectory }: Surroundings,
): AuditOptions {
  return {
    command,
    line: options.c,
    env: process.env,
    cwd: process.cwd(),
    output: options.output,
    passthrough: options.passthrough,
    includeLocal: options.includeLocal === true,
    resolve: options.resolve,
    ca: chooseCa(options),
    upstreamCaFile: options.upstreamCa,
    host: options.host,
    port: options.port,
    drainMs: options.drain * 1000,
    signals,
    bundleDirectory,
  };
}

function chooseCa({ ca, caCert, caKey }: RunOptions): CaChoice {
  if (ca !== undefined && (caCert !== undefined || caKey !== undefined)) {
    throw new AuditError('bad-usage', '--ca mkcert and --ca-cert name two different CAs', {
      hint: 'Give one of them.',
    });
  }
  if (ca === 'mkcert') return { kind: 'mkcert' };
  if (caCert === undefined && caKey === undefined) return { kind: 'ephemeral' };
  if (caCert !== undefined && caKey !== undefined) return { kind: 'files', certFile: caCert, keyFile: caKey };
  const missing = caCert === undefined ? '--ca-cert' : '--ca-key';
  throw new AuditError('bad-usage', `${missing} is missing: a CA is a certificate and its key`, {
    hint: 'Give both --ca-cert FILE and --ca-key FILE.',
  });
}
