import type { Run } from '../model/run.ts';
import type { Folded } from '../run/fold.ts';
import { AuditError } from '../support/errors.ts';
import { formatQuantity } from '../support/quantities.ts';
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

interface ReplayOptions {
  readonly env: Variables;
  readonly stdin?: Stdin | undefined;
  /** Heads that were kept elsewhere: one for each journal, in any order, or none at all. */
  readonly heads?: readonly string[];
}

/** Folds journals: the named ones (`-` is `stdin`, where there is one), or the last run's. Several become one Run. */
export async function replay(names: readonly string[], options: ReplayOptions): Promise<Replay> {
  const { files, notes } = names.length > 0 ? { files: names, notes: [] } : chooseLastJournal(options.env);
  expectOneHeadEach(options.heads, files);
  const runs: Folded[] = [];
  const fileOf = new Map<string, string>();
  for (const file of files) {
    const run = await readOne(file, options);
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

function readOne(file: string, { stdin, heads = [] }: ReplayOptions): Promise<Folded> {
  if (file === '-' && stdin !== undefined) return readRun('stdin', stdin, heads);
  expectKind(file, 'journal');
  return readRun(file, readJournalFile(file), heads);
}

/** A journal without a head would be taken for one that was compared. */
function expectOneHeadEach(heads: readonly string[] = [], files: readonly string[]): void {
  const distinct = new Set(heads).size;
  if (distinct === 0 || distinct === files.length) return;
  const given = `${formatQuantity(distinct, 'head')} for ${formatQuantity(files.length, 'journal')}`;
  throw new AuditError('bad-usage', `--head: ${given}; expected one of each journal`, {
    hint: 'Repeat --head for each journal, or report on them one by one.',
  });
}

/** Its requests and bytes would be counted twice. */
function refuseTwice(runId: string, one: string, other: string): AuditError {
  return new AuditError('bad-input', `${one} and ${other} are journals of the same run, ${runId}`, {
    hint: 'Give one journal of each run.',
  });
}
