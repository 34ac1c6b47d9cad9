import { constants } from 'node:os';
import type { Exit } from '../model/events.ts';
import { execa } from './execa.ts';
import { countInheritedDescriptors } from './inherited-descriptors.ts';
import type { Launch } from './launch.ts';
import { explainSpawnFailure } from './not-started.ts';
import type { Signals } from './signals.ts';

export interface Child {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Rejects only with `AuditError` code `cannot-start`, when the working directory or the system is at fault. */
  readonly exited: Promise<Exit>;
}

/**
 * Starts the command without a shell. Its stdin, stdout and stderr are our own descriptors, which are never read,
 * written or opened here; it stays in our process group; `signals` go to it until it has exited.
 */
export function startChild(launch: Launch, signals: Signals): Child {
  // Node refuses an empty name, for which the system would answer that it does not exist.
  if (launch.command === '') return { pid: undefined, exited: explain('ENOENT', launch) };
  const subprocess = spawn(launch);
  const { pid } = subprocess;
  if (pid !== undefined) {
    signals.attach(pid);
    subprocess.once('exit', () => {
      signals.detach();
    });
  }
  const exited = subprocess.then((result) => {
    if (pid === undefined) return explain(result.code ?? 'unknown error', launch);
    return toExit(result);
  });
  return { pid, exited };
}

function spawn(launch: Launch) {
  const others = Array.from({ length: countInheritedDescriptors() }, () => 'inherit' as const);
  return execa(launch.command, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    extendEnv: false,
    ...(launch.argv0 === undefined ? {} : { argv0: launch.argv0 }),
    stdio: [launch.stdin ?? 'inherit', 'inherit', 'inherit', ...others],
    reject: false,
    cleanup: false,
    buffer: false,
    // Else NODE_DEBUG=execa would print to our stderr.
    verbose: 'none',
    windowsHide: false,
  });
}

function toExit({ exitCode, signal }: { exitCode?: number; signal?: NodeJS.Signals }): Exit {
  if (signal !== undefined) return { kind: 'signal', signal, number: constants.signals[signal] };
  if (exitCode !== undefined) return { kind: 'code', code: exitCode };
  throw new Error('The child ended with neither an exit code nor a signal.');
}

function explain(code: string, launch: Launch): Promise<Exit> {
  return new Promise((resolve) => {
    resolve(explainSpawnFailure(code, launch));
  });
}
