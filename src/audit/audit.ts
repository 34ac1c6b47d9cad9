import {
  createRunCa,
  createTrustDirectory,
  mintLeaf,
  readUpstreamRoots,
  removeTrustDirectory,
  sweepTrustDirectories,
  writeTrust,
  type CertificateAuthority,
  type TrustFiles,
} from '../certificates/index.ts';
import { planCommand, startChild, type ReportPlan, type RunPlan } from '../child/index.ts';
import { adviceForRefusal, type ChildEnvironment } from '../environment/index.ts';
import type { Exit } from '../model/events.ts';
import type { Run } from '../model/run.ts';
import { startProxy, type Proxy } from '../proxy/index.ts';
import { drain } from './drain.ts';
import type { AuditOptions } from './options.ts';
import { createPeers } from './peers.ts';
import { recordStart, startRecording, type Recording } from './recording.ts';
import { loadChosenCa, prepareEnvironment, withTemporaryFiles } from './trust.ts';

export interface AuditResult {
  readonly kind: 'run';
  readonly exit: Exit;
  readonly run: Run;
  readonly journalFile: string | null;
  readonly directory: string | null;
  /** Why recording failed; what was not recorded was not let through. */
  readonly failure: Error | undefined;
}

/** The engine is loaded this long after the command started: a shorter one never pays for it. */
const WARM_UP_MS = 30;
const CANNOT_START = 125;

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
  const recording = startRecording(options);
  const surviveBugs = (error: Error): void => {
    // The command must not die of a bug of ours: it goes on, and the run is told to be incomplete.
    recording.fail(error);
  };
  process.on('uncaughtException', surviveBugs);
  try {
    const exit = await runRecorded(plan, options, { recording, trustDirectory, chosenCa });
    return {
      kind: 'run',
      exit,
      run: recording.finish(exit),
      journalFile: recording.journalFile,
      directory: recording.directory,
      failure: recording.failure(),
    };
  } catch (error) {
    // Nothing was run, and the journal ends with that.
    recording.finish({ kind: 'code', code: CANNOT_START });
    throw error;
  } finally {
    process.off('uncaughtException', surviveBugs);
  }
}

async function runRecorded(
  plan: RunPlan,
  options: AuditOptions,
  parts: { recording: Recording; trustDirectory: string; chosenCa: CertificateAuthority | undefined },
): Promise<Exit> {
  const { recording, trustDirectory: directory, chosenCa } = parts;
  const { runId } = recording;
  const { env, upstreamCaFile } = options;
  recordStart(recording, options, plan.shown);
  const ca = chosenCa ?? createRunCa(runId);
  const trust = withTemporaryFiles(() => writeTrust({ directory, ca, env, upstreamCaFile }));
  const proxy = await openProxy(options, recording, { ca, trust });
  const command = [plan.file, ...plan.args];
  const environment = withTemporaryFiles(() => prepareEnvironment(options, { trust, proxy, runId, command }));
  recordSettings(recording, environment);
  const exit = redactExit(await runChild(plan, options, { proxy, environment }), recording);
  try {
    await drain(recording, proxy, options);
  } catch (error) {
    recording.fail(error instanceof Error ? error : new Error(String(error)));
  }
  return exit;
}

async function openProxy(
  options: AuditOptions,
  recording: Recording,
  { ca, trust }: { ca: CertificateAuthority; trust: TrustFiles },
): Promise<Proxy> {
  const { env, upstreamCaFile, host, port, resolve, passthrough } = options;
  const { record, redactor } = recording;
  return startProxy({
    host,
    port,
    record,
    redaction: redactor,
    peers: createPeers(recording, env),
    mintLeaf: (name) => mintLeaf(ca, name),
    upstreamRoots: () => readUpstreamRoots({ env, upstreamCaFile }),
    resolve,
    passthrough,
    adviseRefusal: (process) => adviceForRefusal(process?.name, trust.caFile),
  });
}

/** What of the user's own settings keeps traffic away from us, or was set aside so that it does not. */
function recordSettings({ record }: Recording, { replaced, bypassed }: ChildEnvironment): void {
  for (const name of replaced) {
    record({
      type: 'blind-spot',
      kind: 'replaced-setting',
      subject: name,
      advice: `${name} named another proxy; in this run connections go to proxaudit, and from there directly`,
    });
  }
  for (const host of bypassed) {
    record({
      type: 'blind-spot',
      kind: 'no-proxy',
      subject: host,
      advice: `connections to ${host} are not seen: take it out of NO_PROXY`,
    });
  }
}

/** What could not be started is named in the message, and may have been a whole command line with its secrets. */
function redactExit(exit: Exit, { redactor }: Recording): Exit {
  return exit.kind === 'not-started' ? { ...exit, message: redactor.text(exit.message) } : exit;
}

async function runChild(
  plan: RunPlan,
  { cwd, signals }: AuditOptions,
  { proxy, environment }: { proxy: Proxy; environment: ChildEnvironment },
): Promise<Exit> {
  const child = startChild(
    { command: plan.file, args: plan.args, env: environment.env, cwd, stdin: plan.stdin },
    signals,
  );
  const warmUp = setTimeout(() => {
    // A failure shows on the first connection that needs the engine.
    proxy.warmUp().catch(() => undefined);
  }, WARM_UP_MS);
  try {
    return await child.exited;
  } finally {
    clearTimeout(warmUp);
  }
}
