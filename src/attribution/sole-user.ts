import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { parseSocketTable } from '../support/socket-table.ts';

export interface SoleUserOptions {
  /** Whether this user may use the listener anyhow. */
  readonly isOurs: (uid: number) => boolean;
  /** Whether a process is the run's, whoever it runs as. */
  readonly isOfRun: (pid: number) => boolean;
  /** Where procfs is; default `/proc`. */
  readonly proc?: string;
}

export interface SoleUserCheck {
  isAlone(): boolean;
  /** Somebody else was met elsewhere. */
  sawAnother(): void;
}

/** The PID namespace of the machine itself (`PROC_PID_INIT_INO` of the kernel). */
const MACHINE = 'pid:[4026531836]';
/** A setting that is only there in the network namespace of the machine itself. */
const ONLY_OF_MACHINE = 'sys/net/core/netdev_max_backlog';
const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'];

/**
 * Tells whether there is nobody but our user, root and the run on this machine or in this
 * container: no process and no socket of anybody else, nor a place where they could be hidden. What came over loopback
 * is then ours, whoever sent it. Once somebody else was seen the answer is no for good: they may come back for an instant.
 */
export function createSoleUserCheck({ isOurs, isOfRun, proc = '/proc' }: SoleUserOptions): SoleUserCheck {
  let showsAll: boolean | undefined;
  let sawAnother = false;
  return {
    isAlone: () => {
      showsAll ??= showsEverybody(proc);
      if (!showsAll) return false;
      sawAnother ||= !hasOnlySocketsOf(proc, isOurs) || !hasOnlyProcessesOf(proc, { isOurs, isOfRun });
      return !sawAnother;
    },
    sawAnother: () => {
      sawAnother = true;
    },
  };
}

/** Whether procfs shows the processes of every user, and of all that share our loopback. */
function showsEverybody(proc: string): boolean {
  const mounts = tryRead(`${proc}/self/mountinfo`)
    ?.split('\n')
    .filter((line) => line.split(' ')[4] === proc);
  const mount = mounts?.at(-1);
  if (mount === undefined || /\bhidepid=(?!0\b|off\b)|\bsubset=/.test(mount)) return false;
  // A container that shares the machine's network shares its loopback with processes that it does not see.
  return tryReadLink(`${proc}/self/ns/pid`) === MACHINE || !existsSync(`${proc}/${ONLY_OF_MACHINE}`);
}

function hasOnlySocketsOf(proc: string, isOurs: (uid: number) => boolean): boolean {
  const uids = TABLES.flatMap((table) => parseSocketTable(tryRead(`${proc}/net/${table}`) ?? ''))
    // A socket that nobody holds may not tell its user, and says 0 then.
    .flatMap(({ uid }) => uid ?? []);
  return [...new Set(uids)].every(isOurs);
}

function hasOnlyProcessesOf(
  proc: string,
  { isOurs, isOfRun }: Pick<SoleUserOptions, 'isOurs' | 'isOfRun'>,
): boolean {
  return readdirSync(proc)
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
    .every((pid) => {
      const status = tryRead(`${proc}/${pid}/status`);
      // It has ended since.
      if (status === undefined) return !existsSync(`${proc}/${pid}`);
      const uids = /^Uid:\t(.*)$/m.exec(status)?.[1]?.split('\t') ?? ['unknown'];
      return uids.every((uid) => isOurs(Number(uid))) || isOfRun(pid);
    });
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

function tryReadLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
