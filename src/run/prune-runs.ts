import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listRunIds, runsDirectory, type Environment } from './known-runs.ts';
import { timeOfRun } from './run-id.ts';
import { isRunLive } from './run-lock.ts';

export interface PruneOptions {
  /** The newest finished runs that stay whatever else is asked; default 50, or none where `before` is given. */
  readonly keep?: number | undefined;
  /** Only runs that began before this time, in milliseconds since 1970. */
  readonly before?: number | undefined;
  /** Only tells what it would do. */
  readonly isDryRun?: boolean;
}

export interface PrunedRun {
  readonly runId: string;
  /** What its directory held; a journal that `-o FILE` put elsewhere stays. */
  readonly bytes: number;
  /** Why it could not be removed. */
  readonly failure?: string;
}

const KEEP = 50;

/** Removes old finished runs. A run whose process is alive is never removed. Never throws. */
export function pruneRuns(environment: Environment, options: PruneOptions = {}): PrunedRun[] {
  const { keep = options.before === undefined ? KEEP : 0, before = Infinity, isDryRun = false } = options;
  const runs = runsDirectory(environment);
  const runIds = listRunIds(runs);
  // Without a look at each of them, which every run would take at its end.
  if (runIds.length <= keep) return [];
  return runIds
    .filter((runId) => !isRunLive(join(runs, runId)))
    .slice(keep)
    .filter((runId) => timeOfRun(runId) < before)
    .map((runId) => {
      const directory = join(runs, runId);
      return { runId, bytes: sizeOf(directory), ...remove(directory, isDryRun) };
    });
}

function remove(directory: string, isDryRun: boolean): { failure?: string } {
  if (isDryRun) return {};
  try {
    rmSync(directory, { recursive: true, force: true });
    return {};
  } catch (error) {
    // Another proxaudit may be pruning it, or a file in it is not ours: the next run tries again.
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function sizeOf(directory: string): number {
  try {
    const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}
