import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The refs of the largest repositories take less. */
const MAX_BYTES = 4 * 1_048_576;

/**
 * The text of a file that may be there, may be hostile, and must not take long: undefined for what is not there, no
 * file, or large. A pipe is not waited for.
 */
export function readSmallFile(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const status = fstatSync(fd);
    if (!status.isFile() || status.size > MAX_BYTES) return undefined;
    const bytes = Buffer.allocUnsafe(status.size);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
