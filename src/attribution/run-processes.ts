import type { Process } from '../model/exchange.ts';
import { createCandidateList } from './candidate-list.ts';
import { isOfRun } from './run-membership.ts';

/** The processes of the run. */
export interface RunProcesses {
  /** Processes that came since the last call; some of them may be others'. */
  listNew(): readonly number[];
  /** Undefined when it is gone, or not of the run. */
  describe(pid: number): Process | undefined;
  /** The process of the run that holds a socket, by the socket's inode. */
  findHolder(inode: number): Promise<Process | undefined>;
}

interface Finders {
  readonly findHolder: (inode: number) => Promise<number | undefined>;
  readonly describe: (pid: number) => Process | undefined;
}

/** Processes that are there already are none of the run. */
export function createRunProcesses(runId: string, { findHolder, describe }: Finders): RunProcesses {
  const candidates = createCandidateList();
  let listed = new Set<number>();
  const describeOfRun = (pid: number): Process | undefined =>
    isOfRun(pid, runId) ? describe(pid) : undefined;
  return {
    listNew: () => {
      const alive = candidates.list();
      const fresh = alive.filter((pid) => !listed.has(pid));
      listed = new Set(alive);
      return fresh;
    },
    describe: describeOfRun,
    findHolder: async (inode) => {
      const pid = await findHolder(inode);
      return pid === undefined ? undefined : describeOfRun(pid);
    },
  };
}
