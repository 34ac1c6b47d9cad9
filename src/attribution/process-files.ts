import { constants } from 'node:fs';
import { open, readlink } from 'node:fs/promises';
import { parseProcessStat, type ProcessStat } from '../support/procfs.ts';

/** The first bytes of a file of `/proc/PID`; undefined when the process is gone or not ours to read. */
export async function readProcessFile(
  pid: number,
  name: string,
  maxBytes: number,
): Promise<string | undefined> {
  try {
    // What a process leaves in its directory may be a FIFO: that must not block.
    const handle = await open(`/proc/${pid}/${name}`, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) return undefined;
      const buffer = Buffer.allocUnsafe(maxBytes);
      let length = 0;
      // The kernel gives a page or less at a time.
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, maxBytes - length, null);
        length += bytesRead;
        if (bytesRead === 0 || length === maxBytes) return buffer.toString('utf8', 0, length);
      }
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

const STAT_BYTES = 4_096;

export async function readProcessStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readProcessFile(pid, 'stat', STAT_BYTES);
  return text === undefined ? undefined : parseProcessStat(text);
}

/** Beyond this an environment is not searched. */
const ENVIRON_BYTES = 512 * 1024;

export function readEnviron(pid: number): Promise<string | undefined> {
  return readProcessFile(pid, 'environ', ENVIRON_BYTES);
}

/** Where `cwd` or `exe` points to; undefined when the process is gone or not ours to look into. */
export async function readProcessLink(pid: number, name: 'cwd' | 'exe'): Promise<string | undefined> {
  const target = await readlink(`/proc/${pid}/${name}`).catch(() => undefined);
  return target?.replace(/ \(deleted\)$/, '');
}
