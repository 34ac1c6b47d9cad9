import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import type { Process } from '../model/exchange.ts';
import { createDescriber } from './describe-process.ts';
import type { RunContext } from './portraits.ts';
import { normaliseAddress } from '../support/socket-table.ts';
import { answerInRounds } from './rounds.ts';
import { createUserCheck, isOfRun } from './run-membership.ts';
import { createRunProcesses, type RunProcesses } from './run-processes.ts';
import { createHolderFinder } from './socket-holders.ts';
import { createOwnerFinder, type ConnectionTuple, type SocketOwner } from './socket-owners.ts';
import { createSoleUserCheck } from './sole-user.ts';

/** Who is at the other end of a connection to us from this machine, and who holds a socket. Nothing here rejects. */
export interface PeerLookup {
  /** Whose the client's end is; undefined when that is not told any more. The cheap part: one table of sockets is read. */
  findOwner(connection: ConnectionTuple): Promise<SocketOwner | undefined>;
  /**
   * Whether the owner may use this run's listener: it is our user, root (which no listener can keep out), or a user
   * that a process of the run runs as (apt as root downloads as `_apt`).
   */
  isOurs(owner: SocketOwner): boolean;
  /** Whether a connection of an unknown owner can only be ours: it came over loopback, and nobody else is there. */
  canOnlyBeOurs(connection: ConnectionTuple): Promise<boolean>;
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
  const isOurUser = (user: number): boolean => user === uid || user === ROOT || isUserOfRun(user);
  const soleUser = createSoleUserCheck({ isOurs: isOurUser, isOfRun: (pid) => isOfRun(pid, runId) });
  // One look speaks for all that were accepted before it.
  const isSoleNow = answerInRounds<undefined, boolean>((asked) => {
    const answer = soleUser.isAlone();
    return Promise.resolve(asked.map(() => answer));
  });
  return {
    findOwner: createOwnerFinder(),
    isOurs: (owner) => {
      const isOurs = isOurUser(owner.uid);
      if (!isOurs) soleUser.sawAnother();
      return isOurs;
    },
    canOnlyBeOurs: async (connection) => isFromLoopback(connection) && (await isSoleNow(undefined)) === true,
    findProcess: async ({ inode }) => {
      const pid = inode === 0 ? undefined : await findHolder(inode);
      return pid === undefined ? undefined : describe(pid);
    },
    run: createRunProcesses(runId, { findHolder, describe }),
  };
}

/** Of one that its client has reset only our own address is left, which nobody reaches from elsewhere. */
function isFromLoopback({ remoteAddress, localAddress = '' }: ConnectionTuple): boolean {
  return isLoopback(localAddress) && isLoopback(remoteAddress ?? localAddress);
}

function isLoopback(text: string): boolean {
  const address = normaliseAddress(text);
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
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
