import { existsSync } from 'node:fs';
import { knownRuns } from '../run/known-runs.ts';
import { AuditError } from '../support/errors.ts';
import type { Variables } from './options.ts';
import { findRun } from './runs.ts';

/** The file itself (`-` is stdin), or the journal of the run whose id begins so. Throws `AuditError` where neither is. */
export function findJournal(name: string, env: Variables): string {
  if (name === '-' || existsSync(name)) return name;
  const isRun = name !== '' && [...knownRuns(env)].some(({ runId }) => runId.startsWith(name));
  if (isRun) return findRun(env, name).journalFile;
  throw new AuditError('bad-input', `there is no file '${name}', and no run whose id begins so`, {
    hint: 'Expected a file that proxaudit wrote, or a run: "proxaudit runs" lists them.',
  });
}
