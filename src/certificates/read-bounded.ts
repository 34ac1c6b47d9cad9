import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

const largestFile = 16 << 20;

/**
 * The text of a regular file of at most 16 MB, or undefined. Never blocks (a variable may name a pipe) and never throws.
 * A file whose identity is in `seen` counts as absent; the identities of the others are added.
 */
export function readBounded(path: string, seen?: Set<string>): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    const identity = `${status.dev}:${status.ino}`;
    if (!status.isFile() || status.size > largestFile || seen?.has(identity) === true) return undefined;
    seen?.add(identity);
    return readFileSync(descriptor, 'latin1');
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
