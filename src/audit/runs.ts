import { AuditError } from '../support/errors.ts';
import { formatQuantity } from '../support/quantities.ts';
import { findLastRun, knownRuns, type KnownRun, type LastRun } from '../run/known-runs.ts';
import type { Variables } from './options.ts';

export { listRuns } from '../run/list-runs.ts';
export { pruneRuns } from '../run/prune-runs.ts';

/** The journal of the last run, and what its reader should know of the choice. Throws `AuditError` without any run. */
export function chooseLastJournal(env: Variables): { files: readonly [string]; notes: readonly string[] } {
  const last = findLastRun(env);
  if (last !== undefined) return { files: [last.journalFile], notes: notesOn(last) };
  throw new AuditError('bad-input', 'there is no run to report on yet', {
    hint: 'Run one with "proxaudit -- COMMAND", or name a journal: "proxaudit report FILE".',
  });
}

function notesOn({ runId, passedOver }: LastRun): string[] {
  if (passedOver === 0) return [];
  const newer = passedOver === 1 ? 'the newer run did' : `the ${formatQuantity(passedOver, 'newer run')} did`;
  return [`this is run ${runId}: ${newer} not start a command`];
}

/** The run whose id begins so. Throws `AuditError` where there is none, or more than one. */
export function findRun(env: Variables, prefix: string): KnownRun {
  const matching = [...knownRuns(env)].filter(({ runId }) => runId.startsWith(prefix));
  const [only, ...others] = matching;
  if (only === undefined || prefix === '') return refuse(`no run's id begins with '${prefix}'`);
  if (others.length === 0) return only;
  return refuse(`'${prefix}' begins the ids of ${matching.length} runs: ${list(matching)}`);
}

function list(runs: readonly KnownRun[]): string {
  const shown = runs.slice(0, 3).map(({ runId }) => runId);
  return `${shown.join(', ')}${runs.length > shown.length ? ', …' : ''}`;
}

function refuse(message: string): never {
  throw new AuditError('bad-input', message, { hint: '"proxaudit runs" lists them.' });
}
