import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it that are missing; one that is there stays as it is. Node's own recursion never
 * ends where a directory is there and nothing can be made in it for want of a name, as in /proc.
 * @param mode of those that are made, subject to the umask; by default 0777
 * @throws Error which `reasonOf` understands.
 */
export function makeDirectory(directory: string, mode?: number): void {
  try {
    mkdirSync(directory, { mode });
  } catch (error) {
    if (isDirectory(directory)) return;
    const parent = dirname(directory);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || isDirectory(parent) || parent === directory)
      throw error;
    makeDirectory(parent, mode);
    mkdirSync(directory, { mode });
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
