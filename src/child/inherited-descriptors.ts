import { readdirSync, readlinkSync } from 'node:fs';

const FIRST = 3;
/** More would be no redirection of a shell's but a leak of somebody's. */
const MAX_COUNT = 64;

/**
 * How many descriptors from 3 upwards we were started with (`3>file`, make's jobserver), so that the child gets them
 * too: Node marks them close-on-exec. The kernel gives the lowest free number, so all below the first one that Node's
 * event loop opened were there before. Linux only; elsewhere, and for numbers after a gap, 0.
 */
export function countInheritedDescriptors(): number {
  try {
    const open = new Set(readdirSync('/proc/self/fd').map(Number));
    for (let count = 0; count <= MAX_COUNT; count++) {
      const descriptor = FIRST + count;
      if (!open.has(descriptor)) return 0;
      if (readlinkSync(`/proc/self/fd/${descriptor}`) === 'anon_inode:[eventpoll]') return count;
    }
    return 0;
  } catch {
    return 0;
  }
}
