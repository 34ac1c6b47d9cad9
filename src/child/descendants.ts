import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findInEnvironment, parseProcessStat, splitCommandLine } from '../support/procfs.ts';

/** A process of the run that outlived the command. `command` is not redacted. */
export interface Descendant {
  readonly pid: number;
  readonly name: string;
  readonly command: readonly string[];
}

export interface DescendantOptions {
  /** The value of PROXAUDIT_ACTIVE_RUN in the environment of the run's processes. */
  readonly runId: string;
  readonly timeoutMs: number;
  /** Ends the wait early. */
  readonly hurry?: AbortSignal;
}

const FIRST_POLL_MS = 10;
const MAX_POLL_MS = 100;

/**
 * Waits until no process of the run is left, or the time is up, and returns those that still run. Processes that
 * dropped the run's environment (`env -i`, another user's by sudo) are not found. Linux only; elsewhere none.
 */
export async function waitForDescendants(options: DescendantOptions): Promise<Descendant[]> {
  const deadline = readClockMs() + options.timeoutMs;
  let left = findDescendants(options.runId);
  for (let pause = FIRST_POLL_MS; left.length > 0; pause = Math.min(2 * pause, MAX_POLL_MS)) {
    const remaining = deadline - readClockMs();
    if (remaining <= 0 || options.hurry?.aborted === true) break;
    await pauseFor(Math.min(pause, remaining), options.hurry);
    left = findDescendants(options.runId);
  }
  return left;
}

async function pauseFor(ms: number, hurry: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, hurry === undefined ? {} : { signal: hurry });
  } catch {
    // Aborted, which ends the wait.
  }
}

function findDescendants(runId: string): Descendant[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid !== process.pid && mayBeYounger(pid) && belongsTo(runId, pid))
    .flatMap((pid) => describe(pid) ?? []);
}

/** Pids count upwards and start again at the top, which no second is enough for: then lower ones are older than us. */
function mayBeYounger(pid: number): boolean {
  return pid > process.pid || (pid > 0 && process.uptime() > 1);
}

function belongsTo(runId: string, pid: number): boolean {
  const environ = readText(`/proc/${pid}/environ`);
  return environ !== undefined && findInEnvironment(environ, 'PROXAUDIT_ACTIVE_RUN') === runId;
}

/** Undefined for a process that has ended: a zombie waits for its parent only. */
function describe(pid: number): Descendant | undefined {
  const stat = parseProcessStat(readText(`/proc/${pid}/stat`) ?? '');
  if (stat === undefined || stat.state === 'Z') return undefined;
  return { pid, name: stat.name, command: splitCommandLine(readText(`/proc/${pid}/cmdline`) ?? '') };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Monotonic. The global `performance` would have Node load 4 ms of modules that a short run needs for nothing else. */
function readClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
