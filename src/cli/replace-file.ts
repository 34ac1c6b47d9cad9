import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Puts a new file at the path, whole or not at all, in place of a file or link that is there: nothing is written through
 * a link. Throws the system's error, or what `check` throws, and leaves what was there.
 * @param check is called when all is written, right before the new file takes its place.
 */
export async function replaceFile(
  file: string,
  blocks: Iterable<string>,
  check: () => void = () => undefined,
): Promise<void> {
  const temporary = join(dirname(file), `.proxaudit-${randomBytes(8).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx');
  try {
    try {
      await writeFile(handle, blocks);
    } finally {
      await handle.close();
    }
    check();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
