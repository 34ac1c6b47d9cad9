import {
  createTrustDirectory,
  removeTrustDirectory,
  sweepTrustDirectories,
  type CertificateAuthority,
} from '../certificates/index.ts';
import { watchConnections, type Watch } from '../bypass/index.ts';
import { planCommand, startChild, type ChildOutput, type ReportPlan, type RunPlan } from '../child/index.ts';
import type { Exit } from '../model/outcome.ts';
import type { Run } from '../model/run.ts';
import { drain } from './drain.ts';
import { describeNotStarted } from './not-started.ts';
import type { AuditOptions } from './options.ts';
import { openRecordedProxy, type RecordedProxy } from './recorded-proxy.ts';
import { startRecording, type Recording } from './recording.ts';
import { loadChosenCa, withTemporaryFiles } from './trust.ts';
import { loadUpstream, type Upstream } from './upstream.ts';

export interface AuditResult {
  readonly kind: 'run';
  readonly exit: Exit;
  readonly run: Run;
  readonly journalFile: string | null;
  readonly directory: string | null;
  /** Our own diagnostics; null when there are none. */
  readonly logFile: string | null;
  /** Why recording failed; what was not recorded was not let through. */
  readonly failure: Error | undefined;
  readonly output: ChildOutput;
}

/** The engine is loaded this long after the command started: a shorter one never pays for it. */
const WARM_UP_MS = 30;

/** Runs a command and records what it does on the network. A journal on stdin is handed back to be reported on. */
export async function audit(options: AuditOptions): Promise<AuditResult | ReportPlan> {
  const { signals } = options;
  sweepTrustDirectories();
  const trustDirectory = withTemporaryFiles(() => createTrustDirectory('run'));
  const cleanUp = (): void => {
    removeTrustDirectory(trustDirectory);
  };
  const forget = signals.onEnd(cleanUp);
  try {
    const plan = await planCommand({
      command: options.command,
      ...(options.line === undefined ? {} : { line: options.line }),
      shell: options.env['SHELL'],
      directory: `${trustDirectory}/script`,
    });
    return plan.kind === 'report' ? plan : await run(plan, options, trustDirectory);
  } finally {
    forget();
    cleanUp();
  }
}

async function run(plan: RunPlan, options: AuditOptions, trustDirectory: string): Promise<AuditResult> {
  const chosenCa = loadChosenCa(options);
  const upstream = await loadUpstream(options);
  const recording = startRecording(options, upstream.proxies?.secrets);
  const surviveBugs = (error: Error): void => {
    // The command must not die of a bug of ours: it goes on, and the run is told to be incomplete.
    recording.fail(error);
  };
  if (options.ownsProcess) process.on('uncaughtException', surviveBugs);
  try {
    const { exit, output } = await runRecorded(plan, options, {
      recording,
      trustDirectory,
      chosenCa,
      upstream,
    });
    const made = await recording.finish(exit);
    return {
      kind: 'run',
      exit,
      output,
      run: made,
      journalFile: recording.journalFile,
      directory: recording.directory,
      logFile: recording.logFile(),
      failure: recording.failure(),
    };
  } catch (error) {
    // Nothing was run, and the journal ends with that.
    await recording.finish(describeNotStarted(error, recording));
    throw error;
  } finally {
    process.off('uncaughtException', surviveBugs);
  }
}

interface Loaded {
  readonly chosenCa: CertificateAuthority | undefined;
  readonly upstream: Upstream;
}

interface Ending {
  readonly exit: Exit;
  readonly output: ChildOutput;
}

async function runRecorded(
  plan: RunPlan,
  options: AuditOptions,
  parts: Loaded & { recording: Recording; trustDirectory: string },
): Promise<Ending> {
  const { recording, trustDirectory: directory, chosenCa: ca, upstream } = parts;
  const command = [plan.file, ...plan.args];
  const recorded = await openRecordedProxy(options, {
    recording,
    directory,
    ca,
    upstream,
    command,
    shown: plan.shown,
  });
  const { exited, takeOutput } = startRecorded(plan, options, recorded);
  const { log } = recording;
  log.debug('the command is started');
  const watch = watchRun(recorded, recording, options);
  const exit = redactExit(await exited, recording);
  log.debug('the command has ended', { exit: JSON.stringify(exit) });
  try {
    await drain(recording, recorded.proxy, options);
    await watch?.stop();
    log.debug('all connections are closed');
  } catch (error) {
    recording.fail(error instanceof Error ? error : new Error(String(error)));
  }
  return { exit, output: await takeOutput() };
}

/** Looks at what the command and its processes are connected to besides us. */
function watchRun(
  { proxy, processes }: RecordedProxy,
  { record, log }: Recording,
  { includeLocal }: AuditOptions,
): Watch | undefined {
  return processes && watchConnections({ record, log, listener: proxy, includeLocal, processes });
}

/** What could not be started is named in the message, and may have been a whole command line with its secrets. */
function redactExit(exit: Exit, { redactor }: Recording): Exit {
  return exit.kind === 'not-started' ? { ...exit, message: redactor.text(exit.message) } : exit;
}

function startRecorded(
  plan: RunPlan,
  { cwd, signals, stdin, stdout, stderr, ownsProcess }: AuditOptions,
  { proxy, environment, trust }: RecordedProxy,
): { exited: Promise<Exit>; takeOutput: () => Promise<ChildOutput> } {
  const { exited, takeOutput } = startChild(
    {
      command: plan.file,
      args: plan.args,
      env: environment.env,
      cwd,
      directory: `${trust.directory}/script`,
      stdin: stdin ?? plan.stdin,
      stdout: stdout ?? 'inherit',
      stderr: stderr ?? 'inherit',
      passesDescriptors: ownsProcess,
    },
    signals,
  );
  const warmUp = setTimeout(() => {
    // A failure shows on the first connection that needs the engine.
    proxy.warmUp().catch(() => undefined);
  }, WARM_UP_MS);
  const forgetWarmUp = (): void => {
    clearTimeout(warmUp);
  };
  exited.then(forgetWarmUp, forgetWarmUp);
  return { exited, takeOutput };
}
