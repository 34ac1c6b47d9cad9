import type { Run } from '../model/run.ts';
import type { Folded } from '../run/fold.ts';
import { AuditError } from '../support/errors.ts';
import { readJournalFile, readRun } from '../run/read-run.ts';
import { expectKind } from './file-kind.ts';
import { judgeRuns } from './judge-run.ts';
import type { Variables } from './options.ts';
import { chooseLastJournal } from './runs.ts';

/** What a report is made of, and the journal that it came from where it was one file. */
export interface Replay {
  readonly run: Run;
  readonly journalFile: string | null;
  /** What is to be known of how it was chosen. */
  readonly notes: readonly string[];
}

type Stdin = AsyncIterable<Uint8Array>;

/** Folds journals: the named ones (`-` is `stdin`, where there is one), or the last run's. Several become one Run. */
export async function replay(
  names: readonly string[],
  { env, stdin }: { env: Variables; stdin?: Stdin },
): Promise<Replay> {
  const { files, notes } = names.length > 0 ? { files: names, notes: [] } : chooseLastJournal(env);
  const runs: Folded[] = [];
  const fileOf = new Map<string, string>();
  for (const file of files) {
    const run = await readOne(file, stdin);
    runs.push(run);
    for (const { runId } of run.facts.runs) {
      const other = fileOf.get(runId);
      if (other !== undefined) throw refuseTwice(runId, other, file);
      fileOf.set(runId, file);
    }
  }
  const [file = '-', ...others] = files;
  return { run: judgeRuns(runs), journalFile: others.length === 0 && file !== '-' ? file : null, notes };
}

function readOne(file: string, stdin: Stdin | undefined): Promise<Folded> {
  if (file === '-' && stdin !== undefined) return readRun('stdin', stdin);
  expectKind(file, 'journal');
  return readRun(file, readJournalFile(file));
}

/** Its requests and bytes would be counted twice. */
function refuseTwice(runId: string, one: string, other: string): AuditError {
  return new AuditError('bad-input', `${one} and ${other} are journals of the same run, ${runId}`, {
    hint: 'Give one journal of each run.',
  });
}
