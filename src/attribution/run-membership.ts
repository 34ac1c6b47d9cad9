import { findInEnvironment } from '../support/procfs.ts';
import { createCandidateList } from './candidate-list.ts';
import { readEnviron, readProcessFile, readProcessStat } from './process-files.ts';

const STATUS_BYTES = 4_096;
const MAX_ANCESTORS = 64;

/**
 * Makes a function that tells whether a process of the run runs as this user: one that was started after this was
 * called and that descends from us or has the run's environment. It needs no right to look into other users'
 * processes, which root lacks in most containers.
 */
export function createUserCheck(runId: string): (uid: number) => Promise<boolean> {
  const candidates = createCandidateList();
  return async (uid) => {
    for (const pid of await candidates.list()) {
      if ((await runsAs(pid, uid)) && (await isOfRun(pid, runId))) {
        candidates.prefer(pid);
        return true;
      }
    }
    return false;
  };
}

/** Whether its real, effective, saved or file system user is this one. */
async function runsAs(pid: number, uid: number): Promise<boolean> {
  const status = await readProcessFile(pid, 'status', STATUS_BYTES);
  const users = /^Uid:\t(.*)$/m.exec(status ?? '')?.[1]?.split('\t') ?? [];
  return users.includes(String(uid));
}

/** Whether a process descends from us or has the run’s environment. */
export async function isOfRun(pid: number, runId: string): Promise<boolean> {
  let ancestor = pid;
  for (let step = 0; step < MAX_ANCESTORS && ancestor > 1; step++) {
    ancestor = (await readProcessStat(ancestor))?.parent ?? 0;
    if (ancestor === process.pid) return true;
  }
  return findInEnvironment((await readEnviron(pid)) ?? '', 'PROXAUDIT_ACTIVE_RUN') === runId;
}
