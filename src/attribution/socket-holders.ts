import { readdir, readlink } from 'node:fs/promises';
import { createCandidateList } from './candidate-list.ts';
import { answerInRounds } from './rounds.ts';

/** Looked at in one process. */
const MAX_DESCRIPTORS = 4_096;
/** Descriptors read at once: as many as keep the four threads of Node's file access busy. */
const BATCH = 16;

/**
 * Makes a function that finds the process that holds a socket, by the socket's inode. Looked through are processes
 * that were started after this was called, first those that were found last, then the youngest first. When several
 * hold it, the first one found is named. Undefined when it is gone, another user's, or beyond the bounds.
 */
export function createHolderFinder(): (inode: number) => Promise<number | undefined> {
  const candidates = createCandidateList();
  return answerInRounds(async (inodes) => {
    const wanted = new Set(inodes);
    const holders = new Map<number, number>();
    for (const pid of await candidates.list()) {
      if (wanted.size === 0) break;
      const held = await findHeld(pid, wanted);
      if (held === undefined) candidates.ignore(pid);
      for (const inode of held ?? []) holders.set(inode, pid);
      if (held !== undefined && held.length > 0) candidates.prefer(pid);
    }
    return inodes.map((inode) => holders.get(inode));
  });
}

/** Takes those sockets out of `wanted` that the process holds. Undefined when it must not be looked at, or is gone. */
async function findHeld(pid: number, wanted: Set<number>): Promise<number[] | undefined> {
  const directory = `/proc/${pid}/fd`;
  const names = await readdir(directory).catch(() => undefined);
  if (names === undefined) return undefined;
  // A new socket has mostly one of the highest numbers.
  const descriptors = names.slice(-MAX_DESCRIPTORS).reverse();
  const held: number[] = [];
  for (let start = 0; start < descriptors.length && wanted.size > 0; start += BATCH) {
    const batch = descriptors.slice(start, start + BATCH);
    const targets = await Promise.all(batch.map((name) => readlink(`${directory}/${name}`).catch(() => '')));
    for (const target of targets) {
      const inode = Number(/^socket:\[(\d+)\]$/.exec(target)?.[1]);
      if (wanted.delete(inode)) held.push(inode);
    }
  }
  return held;
}
