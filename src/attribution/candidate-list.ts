import { readdir } from 'node:fs/promises';
import { readProcessStat } from './process-files.ts';

export interface CandidateList {
  /** The processes to look at now, the most promising first. */
  list(): Promise<readonly number[]>;
  /** Looks at this process first from now on. */
  prefer(pid: number): void;
  /** Leaves this process out as long as it lives. */
  ignore(pid: number): void;
}

/** Looked through in one round. */
const MAX_PROCESSES = 1_024;
const MAX_PREFERRED = 16;

/** Processes that may be the run's: all are as young as we are, or younger. */
export function createCandidateList(): CandidateList {
  /** pid → whether it may be looked at, for all that live. */
  const known = new Map<number, boolean>([[process.pid, false]]);
  let preferred: number[] = [];
  let ownStart: Promise<number> | undefined;

  const update = async (): Promise<void> => {
    const alive = new Set((await readdir('/proc')).map(Number).filter((pid) => pid > 0));
    for (const pid of known.keys()) {
      if (!alive.has(pid)) known.delete(pid);
    }
    const oldest = await (ownStart ??= readStart(process.pid));
    for (const pid of alive) {
      if (!known.has(pid)) known.set(pid, (await readStart(pid)) >= oldest);
    }
  };
  return {
    prefer: (pid) => {
      preferred = [pid, ...preferred.filter((other) => other !== pid)].slice(0, MAX_PREFERRED);
    },
    ignore: (pid) => {
      known.set(pid, false);
    },
    list: async () => {
      await update();
      const youngestFirst = [...known.keys()].sort((a, b) => b - a);
      return [...new Set([...preferred, ...youngestFirst])]
        .filter((pid) => known.get(pid) === true)
        .slice(0, MAX_PROCESSES);
    },
  };
}

/** Clock ticks after boot; -1 for a process that is gone. */
async function readStart(pid: number): Promise<number> {
  return (await readProcessStat(pid))?.startTime ?? -1;
}
