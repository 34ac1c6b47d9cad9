import { readdirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { createCandidateList } from './candidate-list.ts';
import { readProcessLink, readProcessStat } from './process-files.ts';
import { answerInRounds } from './rounds.ts';

/** Looked at in one process. */
const MAX_DESCRIPTORS = 4_096;
/** Descriptors, of some 4 µs each, before others have their turn. */
const LOOKS_AT_ONCE = 64;
const MAX_ANCESTORS = 16;

/**
 * Makes a function that finds the process that holds a socket, by the socket's inode. Looked through are processes
 * that were started after this was called, first those that were found last, then the youngest first. Of several that
 * share it by inheritance the one that opened it is named. Undefined when it is gone, another user's, or beyond the
 * bounds.
 */
export function createHolderFinder(): (inode: number) => Promise<number | undefined> {
  const candidates = createCandidateList();
  return answerInRounds(async (inodes) => {
    const wanted = new Set(inodes);
    const holders = new Map<number, number>();
    for (const pid of candidates.list()) {
      if (wanted.size === 0) break;
      const held = await findHeld(pid, wanted);
      if (held === undefined) candidates.ignore(pid);
      else if (held.length > 0) candidates.prefer(pid);
      for (const { inode, descriptor } of held ?? []) holders.set(inode, findOpener(pid, descriptor));
    }
    return inodes.map((inode) => holders.get(inode));
  });
}

interface Held {
  readonly inode: number;
  readonly descriptor: string;
}

/** Takes those sockets out of `wanted` that the process holds. Undefined when it must not be looked at, or is gone. */
async function findHeld(pid: number, wanted: Set<number>): Promise<Held[] | undefined> {
  const names = listDescriptors(pid);
  if (names === undefined) return undefined;
  // A new socket has mostly one of the highest numbers.
  const descriptors = names.slice(-MAX_DESCRIPTORS).reverse();
  const held: Held[] = [];
  for (const [index, descriptor] of descriptors.entries()) {
    if (wanted.size === 0) break;
    if (index % LOOKS_AT_ONCE === LOOKS_AT_ONCE - 1) await turn();
    const inode = socketAt(pid, descriptor);
    if (inode !== undefined && wanted.delete(inode)) held.push({ inode, descriptor });
  }
  return held;
}

/** A child gets its parent's descriptors under the same numbers. */
function findOpener(pid: number, descriptor: string): number {
  const inode = socketAt(pid, descriptor);
  let opener = pid;
  for (let step = 0; inode !== undefined && step < MAX_ANCESTORS; step++) {
    const parent = readProcessStat(opener)?.parent ?? 0;
    if (parent <= 1 || parent === process.pid || socketAt(parent, descriptor) !== inode) break;
    opener = parent;
  }
  return opener;
}

function listDescriptors(pid: number): string[] | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return undefined;
  }
}

function socketAt(pid: number, descriptor: string): number | undefined {
  const target = readProcessLink(pid, `fd/${descriptor}`) ?? '';
  const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
  return inode === undefined ? undefined : Number(inode);
}
