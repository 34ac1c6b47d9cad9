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
export function createUserCheck(runId: string): (uid: number) => boolean {
  const candidates = createCandidateList();
  return (uid) => {
    for (const pid of candidates.list()) {
      if (runsAs(pid, uid) && isOfRun(pid, runId)) {
        candidates.prefer(pid);
        return true;
      }
    }
    return false;
  };
}

/** Whether its real, effective, saved or file system user is this one. */
function runsAs(pid: number, uid: number): boolean {
  const status = readProcessFile(pid, 'status', STATUS_BYTES);
  const users = /^Uid:\t(.*)$/m.exec(status ?? '')?.[1]?.split('\t') ?? [];
  return users.includes(String(uid));
}

/** Whether a process descends from us or has the run’s environment. */
export function isOfRun(pid: number, runId: string): boolean {
  let ancestor = pid;
  for (let step = 0; step < MAX_ANCESTORS && ancestor > 1; step++) {
    ancestor = readProcessStat(ancestor)?.parent ?? 0;
    if (ancestor === process.pid) return true;
  }
  return findInEnvironment(readEnviron(pid) ?? '', 'PROXAUDIT_ACTIVE_RUN') === runId;
}
