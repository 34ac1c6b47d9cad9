import type { FoldedRun, Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { findLastRun } from '../run/index.ts';
import { readJournalFile, readRun } from '../run/read-run.ts';
import { judgeRuns } from './judge-run.ts';
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
  const runs: FoldedRun[] = [];
  for (const file of files) {
    const isStdin = file === '-' && stdin !== undefined;
    runs.push(await (isStdin ? readRun('stdin', stdin) : readRun(file, readJournalFile(file))));
  }
  const [file, ...others] = files;
  const isOneFile = others.length === 0 && file !== '-';
  return { run: judgeRuns(runs), journalFile: isOneFile ? (file ?? null) : null };
}

function lastJournal(env: Variables): string {
  const last = findLastRun(env);
  if (last !== undefined) return last.journalFile;
  throw new AuditError('bad-input', 'there is no run to report on yet', {
    hint: 'Run one with "proxaudit -- COMMAND", or name a journal: "proxaudit report FILE".',
  });
}
