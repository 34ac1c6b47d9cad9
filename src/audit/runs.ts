import { AuditError } from '../support/errors.ts';
import { findLastRun } from '../run/index.ts';
import { knownRuns, type KnownRun } from '../run/known-runs.ts';
import type { Variables } from './options.ts';

export { listRuns } from '../run/list-runs.ts';
export { pruneRuns } from '../run/prune-runs.ts';

/** The run whose id begins so; the last one without. Throws `AuditError` where there is none, or more than one. */
export function findRun(env: Variables, prefix: string | undefined): KnownRun {
  if (prefix === undefined) return findLastRun(env) ?? refuse('there is no run yet');
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
