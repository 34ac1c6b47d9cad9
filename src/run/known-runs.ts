import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readEnds } from './journal-ends.ts';
import { isRunId } from './run-id.ts';
import { isRunLive } from './run-lock.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The journal in a run's directory. */
export const JOURNAL = 'journal.jsonl';
/** Holds the path of a journal that `-o FILE` put elsewhere. */
export const POINTER = 'journal-path';

/** `$XDG_STATE_HOME/proxaudit/runs`, by default below `~/.local/state`; a relative variable does not count. */
export function runsDirectory(environment: Environment): string {
  const { XDG_STATE_HOME: state, HOME: home } = environment;
  const base = state !== undefined && isAbsolute(state) ? state : join(homeOf(home), '.local', 'state');
  return join(base, 'proxaudit', 'runs');
}

/** Of the password database where the variable is unusable; for a user unknown there a place where nothing can be made. */
function homeOf(home: string | undefined): string {
  if (home !== undefined && isAbsolute(home)) return home;
  try {
    return userInfo().homedir;
  } catch {
    return '/dev/null';
  }
}

export interface KnownRun {
  readonly runId: string;
  readonly directory: string;
  readonly journalFile: string;
  readonly isLive: boolean;
}

export interface LastRun extends KnownRun {
  /** How many newer runs have finished, none of which started its command. */
  readonly passedOver: number;
}

/**
 * The newest finished run whose command was started: one that was mistyped hides no run. Where there is none, the newest
 * finished one, else the newest of all; undefined when there is none.
 */
export function findLastRun(environment: Environment): LastRun | undefined {
  const finished: KnownRun[] = [];
  let newest: KnownRun | undefined;
  for (const run of knownRuns(environment)) {
    newest ??= run;
    if (run.isLive) continue;
    if (wasStarted(run)) return { ...run, passedOver: finished.length };
    finished.push(run);
  }
  const last = finished[0] ?? newest;
  return last && { ...last, passedOver: 0 };
}

function wasStarted({ journalFile }: KnownRun): boolean {
  try {
    const last = JSON.parse(readEnds(journalFile)?.last ?? '') as { exit?: { kind?: unknown } };
    return last.exit?.kind !== 'not-started';
  } catch {
    // Cut short, or not to be read: the report tells.
    return true;
  }
}

/** All runs that are kept, newest first. */
export function* knownRuns(environment: Environment): Generator<KnownRun> {
  const runs = runsDirectory(environment);
  for (const runId of listRunIds(runs)) {
    const directory = join(runs, runId);
    yield { runId, directory, journalFile: journalOf(directory), isLive: isRunLive(directory) };
  }
}

function journalOf(directory: string): string {
  try {
    return readFileSync(join(directory, POINTER), 'utf8').replace(/\n$/, '');
  } catch {
    return join(directory, JOURNAL);
  }
}

/** Newest first. */
export function listRunIds(runs: string): string[] {
  try {
    const entries = readdirSync(runs, { withFileTypes: true });
    const ids = entries
      .filter((entry) => entry.isDirectory() && isRunId(entry.name))
      .map((entry) => entry.name);
    return ids.sort().reverse();
  } catch {
    return [];
  }
}
