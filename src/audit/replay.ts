import type { Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { findLastRun } from '../run/index.ts';
import { mergeRuns } from '../run/merge-runs.ts';
import { readJournalFile, readRun } from '../run/read-run.ts';
import type { Variables } from './options.ts';

/** What a report is made of, and the journal that it came from where it was one file. */
export interface Replay {
  readonly run: Run;
  readonly journalFile: string | null;
}

/** Folds journals: the named ones (`-` is `stdin`, where there is one), or the last run's. Several become one Run. */
export async function replay(
  names: readonly string[],
  { env, stdin }: { env: Variables; stdin?: AsyncIterable<Uint8Array> },
): Promise<Replay> {
  const files = names.length === 0 ? [lastJournal(env)] : names;
  const runs: Run[] = [];
  for (const file of files) {
    const isStdin = file === '-' && stdin !== undefined;
    runs.push(await (isStdin ? readRun('stdin', stdin) : readRun(file, readJournalFile(file))));
  }
  const [only, ...others] = runs;
  const [file] = files;
  return only !== undefined && others.length === 0
    ? { run: only, journalFile: file === undefined || file === '-' ? null : file }
    : { run: mergeRuns(runs), journalFile: null };
}

function lastJournal(env: Variables): string {
  const last = findLastRun(env);
  if (last !== undefined) return last.journalFile;
  throw new AuditError('bad-input', 'there is no run to report on yet', {
    hint: 'Run one with "proxaudit -- COMMAND", or name a journal: "proxaudit report FILE".',
  });
}
