import type { FoldedRun, Run } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { findLastRun } from '../run/index.ts';
import { readJournalFile, readRun } from '../run/read-run.ts';
import { expectKind } from './file-kind.ts';
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
  const fileOf = new Map<string, string>();
  for (const file of files) {
    const isStdin = file === '-' && stdin !== undefined;
    if (!isStdin) expectKind(file, 'journal');
    const run = await (isStdin ? readRun('stdin', stdin) : readRun(file, readJournalFile(file)));
    runs.push(run);
    for (const { runId } of run.facts.runs) {
      const other = fileOf.get(runId);
      if (other !== undefined) throw refuseTwice(runId, other, file);
      fileOf.set(runId, file);
    }
  }
  const [file, ...others] = files;
  const isOneFile = others.length === 0 && file !== '-';
  return { run: judgeRuns(runs), journalFile: isOneFile ? (file ?? null) : null };
}

/** Its requests and bytes would be counted twice. */
function refuseTwice(runId: string, one: string, other: string): AuditError {
  return new AuditError('bad-input', `${one} and ${other} are journals of the same run, ${runId}`, {
    hint: 'Give one journal of each run.',
  });
}

function lastJournal(env: Variables): string {
  const last = findLastRun(env);
  if (last !== undefined) return last.journalFile;
  throw new AuditError('bad-input', 'there is no run to report on yet', {
    hint: 'Run one with "proxaudit -- COMMAND", or name a journal: "proxaudit report FILE".',
  });
}
