import { readdirSync } from 'node:fs';

export interface CandidateList {
  /** The processes to look at now, the most promising first. */
  list(): readonly number[];
  /** Looks at this process first from now on. */
  prefer(pid: number): void;
  /** Leaves this process out as long as it lives. */
  ignore(pid: number): void;
}

/** Looked through in one round. */
const MAX_PROCESSES = 1_024;
const MAX_PREFERRED = 16;

/** Processes that may be the run's: all that were started after this was called. */
export function createCandidateList(): CandidateList {
  let ignored = new Set(readdirSync('/proc').flatMap(toPid));
  let preferred: number[] = [];
  return {
    prefer: (pid) => {
      preferred = [pid, ...preferred.filter((other) => other !== pid)].slice(0, MAX_PREFERRED);
    },
    ignore: (pid) => {
      ignored.add(pid);
    },
    list: () => {
      const alive = new Set(readdirSync('/proc').flatMap(toPid));
      ignored = new Set([...ignored].filter((pid) => alive.has(pid)));
      const youngestFirst = [...alive].sort((a, b) => b - a);
      return [...new Set([...preferred, ...youngestFirst])]
        .filter((pid) => alive.has(pid) && !ignored.has(pid))
        .slice(0, MAX_PROCESSES);
    },
  };
}

function toPid(name: string): number[] {
  const pid = Number(name);
  return Number.isInteger(pid) ? [pid] : [];
}
