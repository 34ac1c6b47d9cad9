import { findInEnvironment } from '../support/procfs.ts';
import { readEnviron, readProcessStat } from './process-files.ts';

const MAX_ANCESTORS = 64;

/** Whether a process belongs to the run: its environment says so, or it descends from us. */
export async function isOfRun(pid: number, runId: string): Promise<boolean> {
  const environ = await readEnviron(pid);
  if (environ !== undefined && findInEnvironment(environ, 'PROXAUDIT_ACTIVE_RUN') === runId) return true;
  let ancestor = pid;
  for (let step = 0; step < MAX_ANCESTORS && ancestor > 1; step++) {
    ancestor = (await readProcessStat(ancestor))?.parent ?? 0;
    if (ancestor === process.pid) return true;
  }
  return false;
}
