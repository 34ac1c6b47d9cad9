import { accessSync, constants } from 'node:fs';
import type { Process } from '../model/exchange.ts';
import { createDescriber } from './describe-process.ts';
import type { RunContext } from './portraits.ts';
import { createUserCheck } from './run-membership.ts';
import { createRunProcesses, type RunProcesses } from './run-processes.ts';
import { createHolderFinder } from './socket-holders.ts';
import { createOwnerFinder, type ConnectionTuple, type SocketOwner } from './socket-owners.ts';

/** Who is at the other end of a connection to us from this machine, and who holds a socket. Nothing here rejects. */
export interface PeerLookup {
  /** Who holds the client's end; undefined when it is closed already. The cheap part: one table of sockets is read. */
  findOwner(connection: ConnectionTuple): Promise<SocketOwner | undefined>;
  /**
   * Whether the owner may use this run's listener: it is our user, root (which no listener can keep out), or a user
   * that a process of the run runs as (apt as root downloads as `_apt`).
   */
  isOurs(owner: SocketOwner): boolean;
  /** The process that holds the socket; undefined when it is gone or another user's. */
  findProcess(owner: SocketOwner): Promise<Process | undefined>;
  readonly run: RunProcesses;
}

const ROOT = 0;

/**
 * To be called before the command starts: processes that are there already are not looked at. Undefined where the
 * system does not tell: anything but Linux, and a Linux without /proc/net/tcp.
 */
export function createPeerLookup(context: RunContext): PeerLookup | undefined {
  const uid = process.getuid?.();
  if (uid === undefined || !canRead('/proc/net/tcp')) return undefined;
  const { runId } = context;
  const findHolder = createHolderFinder();
  const isUserOfRun = createUserCheck(runId);
  const describe = orNothing(createDescriber(context));
  return {
    findOwner: createOwnerFinder(),
    isOurs: (owner) => owner.uid === uid || owner.uid === ROOT || isUserOfRun(owner.uid),
    findProcess: async ({ inode }) => {
      const pid = await findHolder(inode);
      return pid === undefined ? undefined : describe(pid);
    },
    run: createRunProcesses(runId, { findHolder, describe }),
  };
}

/** A process that cannot be described must not stop what it asks for. */
function orNothing(describe: (pid: number) => Process | undefined): (pid: number) => Process | undefined {
  return (pid) => {
    try {
      return describe(pid);
    } catch {
      return undefined;
    }
  };
}

function canRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
