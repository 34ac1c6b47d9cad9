import { randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { AuditError } from '../support/errors.ts';

const MAX_SCRIPT_BYTES = 1024 * 1024 * 1024;

/**
 * Stores a script in a new file (0600) of the directory and returns its path. Throws `AuditError`: `bad-usage` for
 * more than 1 GiB, `cannot-start` when it cannot be written.
 */
export async function storeScript(directory: string, script: AsyncIterable<Buffer>): Promise<string> {
  const file = path.join(directory, `script-${randomUUID()}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const handle = await open(file, 'wx', 0o600);
    try {
      let size = 0;
      for await (const chunk of script) {
        size += chunk.length;
        if (size > MAX_SCRIPT_BYTES)
          throw new AuditError('bad-usage', 'The script on stdin is larger than 1 GiB.');
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    return file;
  } catch (cause) {
    if (cause instanceof AuditError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuditError('cannot-start', `The script on stdin could not be stored: ${reason}.`, { cause });
  }
}
