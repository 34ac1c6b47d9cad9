import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AuditError } from '../support/errors.ts';
import { makeDirectory } from '../support/make-directory.ts';
import { reasonOf } from '../support/reason-of.ts';
import type { JournalTarget } from './journal-file.ts';
import { JOURNAL, POINTER, runsDirectory, type Environment } from './known-runs.ts';
import { pruneRuns } from './prune-runs.ts';
import { createRunId } from './run-id.ts';
import { lockRun, unlockRun } from './run-lock.ts';

export interface RunDirectory {
  readonly runId: string;
  /** Null for `-o -` and without a journal, and where it could not be made but `-o FILE` names another place. */
  readonly directory: string | null;
  readonly target: JournalTarget;
  /** Absolute path of the journal; null where it is no file. */
  readonly journalFile: string | null;
  /** Marks the run as finished and prunes older ones. Call it when the journal is closed. Never throws. */
  readonly finish: () => void;
  /** Removes it, as there is no journal: it would be taken for the last run. Never throws. */
  readonly abandon: () => void;
}

export interface RunDirectoryOptions {
  readonly environment: Environment;
  /** Of `-o`: a file, or `-` for standard error. Null: nowhere. Default: the journal in the run directory. */
  readonly output?: string | null | undefined;
  readonly now?: Date;
}

/**
 * Makes the directory of a new run, for its owner only, and locks it. `-o -` needs none.
 * @throws {AuditError} `cannot-start` when it cannot be made and no `output` says where else to write.
 */
export function createRunDirectory(options: RunDirectoryOptions): RunDirectory {
  const { environment, output, now = new Date() } = options;
  if (output === '-') return withoutDirectory(2, now);
  if (output === null) return withoutDirectory(null, now);
  const runs = runsDirectory(environment);
  const pointer = output === undefined ? undefined : resolve(output);
  const made = tryMake(runs, now, pointer);
  if (made instanceof Error && pointer === undefined) throw cannotMake(runs, made);
  const runId = made instanceof Error ? createRunId(now) : made;
  const directory = made instanceof Error ? null : join(runs, made);
  const journalFile = pointer ?? join(runs, runId, JOURNAL);
  return {
    runId,
    directory,
    journalFile,
    target: { file: journalFile, exclusive: pointer === undefined },
    finish() {
      if (directory !== null) unlockRun(directory);
      pruneRuns(environment);
    },
    abandon() {
      if (directory !== null) removeQuietly(directory);
    },
  };
}

function withoutDirectory(fd: number | null, now: Date): RunDirectory {
  return {
    runId: createRunId(now),
    target: { fd },
    directory: null,
    journalFile: null,
    finish: () => undefined,
    abandon: () => undefined,
  };
}

function removeQuietly(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // It stays, and is pruned some day.
  }
}

/** Returns the new run's id, or why there is no directory for it. */
function tryMake(runs: string, now: Date, pointer: string | undefined): string | Error {
  try {
    makeDirectory(runs, 0o700);
    // An existing one may have been made by someone less careful.
    chmodSync(runs, 0o700);
    const runId = makeDistinct(runs, now);
    lockRun(join(runs, runId));
    if (pointer !== undefined) writeFileSync(join(runs, runId, POINTER), `${pointer}\n`, { mode: 0o600 });
    return runId;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function makeDistinct(runs: string, now: Date, attempts = 5): string {
  const runId = createRunId(now);
  try {
    mkdirSync(join(runs, runId), { mode: 0o700 });
    return runId;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempts === 1) throw error;
    return makeDistinct(runs, now, attempts - 1);
  }
}

function cannotMake(runs: string, cause: Error): AuditError {
  return new AuditError('cannot-start', `the run directory ${runs} cannot be made: ${reasonOf(cause)}`, {
    hint: 'Choose a place for the journal with -o FILE, or set XDG_STATE_HOME to a directory you can write to.',
    cause,
  });
}
