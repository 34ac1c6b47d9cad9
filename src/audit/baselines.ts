import { baselineOf, compareBaselines, findAskers } from '../baseline/index.ts';
import type { Baseline } from '../model/baseline.ts';
import type { Comparison } from '../model/difference.ts';
import type { Run, RunFacts } from '../model/run.ts';
import { AuditError } from '../support/errors.ts';
import { tryReadStart } from '../support/read-bounded.ts';
import { expectKind } from './file-kind.ts';
import { findJournal } from './find-journal.ts';
import { readBaseline } from './load-baseline.ts';
import type { Variables } from './options.ts';
import { replay } from './replay.ts';

export { formatLock, isSame } from '../baseline/index.ts';

/** A thing that can be compared: what is in it, and the run where it is one. */
interface Source {
  readonly baseline: Baseline;
  readonly run: RunFacts | null;
}

export interface Place {
  readonly env: Variables;
  readonly stdin?: AsyncIterable<Uint8Array>;
}

/** What differs from `base` to `head`, each a lock file, a journal (`-` is stdin) or the beginning of a run's id. */
export async function compare(base: string, head: string, place: Place): Promise<Comparison> {
  const before = await readSource(base, place);
  const after = await readSource(head, place);
  return {
    base,
    head,
    difference: compareBaselines(before.baseline, after.baseline),
    askedBy: after.run === null ? new Map() : findAskers(after.run),
    gaps: [...gapsOf(base, before.run), ...gapsOf(head, after.run)],
  };
}

/** What a run has other than a lock file. */
export function compareWithLock(run: Run, lockFile: string): Comparison {
  const { baseline } = readBaseline(lockFile, lockFile);
  return {
    base: lockFile,
    head: run.runs.map(({ runId }) => runId).join(', '),
    difference: compareBaselines(baseline, baselineOf(run)),
    askedBy: findAskers(run),
    gaps: gapsOf('the run', run),
  };
}

/** A run to make a lock file of: one whose journal was changed is none. */
export async function readLockable(
  names: readonly string[],
  place: Place,
): Promise<{ run: Run; baseline: Baseline; gaps: readonly string[] }> {
  const files = names.map((name) => findJournal(name, place.env));
  const { run, notes } = await replay(files, place);
  const tampered = run.runs.find(({ integrity }) => integrity.verdict === 'tampered');
  if (tampered === undefined)
    return {
      run,
      baseline: baselineOf(run),
      gaps: [...notes, ...gapsOf('the run', run), ...failuresOf(run)],
    };
  throw new AuditError('bad-input', `the journal of run ${tampered.runId} was changed after it was written`, {
    hint: 'Make the baseline of a journal that is intact: run the command again.',
  });
}

function gapsOf(name: string, run: RunFacts | null): string[] {
  if (run === null) return [];
  const verdicts = new Set(run.runs.map(({ integrity }) => integrity.verdict));
  if (verdicts.has('tampered')) return [`${name}: the journal was changed after it was written`];
  if (verdicts.has('truncated'))
    return [`${name}: the journal is cut short, and what came after its end is missing`];
  const { verdict, reasons } = run.completeness;
  return verdict === 'incomplete'
    ? [`${name}: incomplete: ${reasons.at(-1) ?? 'something was not seen'}`]
    : [];
}

/** A command that failed, or was never started, has fetched less than it would. */
function failuresOf({ runs }: RunFacts): string[] {
  return runs
    .filter(({ exit }) => exit !== null && !(exit.kind === 'code' && exit.code === 0))
    .map(({ runId, exit }) =>
      exit?.kind === 'not-started'
        ? `run ${runId}: its command was not started, and has fetched nothing`
        : `run ${runId}: its command failed, and may have fetched less than it would have`,
    );
}

async function readSource(name: string, place: Place): Promise<Source> {
  const file = findJournal(name, place.env);
  if (file !== '-') expectKind(file, 'journal or lock file', name);
  if (!isJournal(file)) return { baseline: readBaseline(file, name).baseline, run: null };
  const { run } = await replay([file], place);
  return { baseline: baselineOf(run), run };
}

/** A journal begins with an object, a lock file does not. What can be read only once is left for its reader. */
function isJournal(file: string): boolean {
  return file === '-' || (tryReadStart(file, 1)?.toString() ?? '{') === '{';
}
