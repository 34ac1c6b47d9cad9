import { constants } from 'node:os';
import { execa } from 'execa';
import type { Exit } from '../model/outcome.ts';
import { collectOutput } from './collect-output.ts';
import { countInheritedDescriptors } from './inherited-descriptors.ts';
import type { Launch } from './launch.ts';
import { findRefusal, needsExactLaunch, prepareExactLaunch } from './exact-launch.ts';
import { explainSpawnFailure } from './not-started.ts';
import type { Signals } from './signals.ts';

export interface Child {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Rejects only with `AuditError` code `cannot-start`, when the working directory or the system is at fault. */
  readonly exited: Promise<Exit>;
  /** What it wrote to pipes until now; closes them. To be called once nobody is waited for any more. */
  readonly takeOutput: () => Promise<ChildOutput>;
}

export interface ChildOutput {
  /** Null where it was no pipe. */
  readonly stdout: Buffer | null;
  readonly stderr: Buffer | null;
  /** More was written than is kept. */
  readonly isTruncated: boolean;
}

const NO_OUTPUT: ChildOutput = { stdout: null, stderr: null, isTruncated: false };

/**
 * Starts the command without a shell. Unless the launch says otherwise its stdin, stdout and stderr are our own
 * descriptors, which are never read, written or opened here; it stays in our process group; `signals` go to it until it
 * has exited.
 */
export function startChild(launch: Launch, signals: Signals): Child {
  // Node refuses an empty name, for which the system would answer that it does not exist.
  if (launch.command === '') return notStarted(explain('ENOENT', launch));
  const isExact = needsExactLaunch(launch);
  const refusal = isExact ? findRefusal(launch) : undefined;
  if (refusal !== undefined) return notStarted(explain(refusal, launch));
  const subprocess = spawn(isExact ? prepareExactLaunch(launch, launch.directory) : launch);
  const { pid } = subprocess;
  if (pid === undefined) {
    return notStarted(subprocess.then(({ code }) => explain(code ?? 'unknown error', launch)));
  }
  signals.attach(pid);
  // Not when execa says so: pipes may be held open by what the command left running.
  const exited = new Promise<Exit>((resolve) => {
    subprocess.once('exit', (code, signal) => {
      signals.detach();
      resolve(toExit(code, signal));
    });
  });
  const stdout = collectOutput(launch.stdout === 'pipe' ? subprocess.stdout : null);
  const stderr = collectOutput(launch.stderr === 'pipe' ? subprocess.stderr : null);
  return {
    pid,
    exited,
    takeOutput: async () => {
      const [out, err] = await Promise.all([stdout(), stderr()]);
      return {
        stdout: out?.bytes ?? null,
        stderr: err?.bytes ?? null,
        isTruncated: out?.isTruncated === true || err?.isTruncated === true,
      };
    },
  };
}

function notStarted(exited: Promise<Exit>): Child {
  return { pid: undefined, exited, takeOutput: () => Promise.resolve(NO_OUTPUT) };
}

function spawn(launch: Launch) {
  const count = launch.passesDescriptors === false ? 0 : countInheritedDescriptors();
  const others = Array.from({ length: count }, () => 'inherit' as const);
  return execa(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    extendEnv: false,
    ...(launch.argv0 === undefined ? {} : { argv0: launch.argv0 }),
    stdio: [launch.stdin ?? 'inherit', launch.stdout ?? 'inherit', launch.stderr ?? 'inherit', ...others],
    reject: false,
    cleanup: false,
    buffer: false,
    // Else NODE_DEBUG=execa would print to our stderr.
    verbose: 'none',
    windowsHide: false,
  });
}

/** Node gives one of them. */
function toExit(code: number | null, signal: NodeJS.Signals | null): Exit {
  return signal === null
    ? { kind: 'code', code: code ?? 0 }
    : { kind: 'signal', signal, number: constants.signals[signal] };
}

function explain(code: string, launch: Launch): Promise<Exit> {
  return new Promise((resolve) => {
    resolve(explainSpawnFailure(code, launch));
  });
}
