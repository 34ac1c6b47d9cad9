import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { parseProcessStat, type ProcessStat } from '../support/procfs.ts';

// All of /proc is read at once: a read takes some 20 µs and never waits for a disk, while Node's threads cost many times
// that, and a client that lives for a few milliseconds would be gone before they answer.

/** The first bytes of a file of `/proc/PID`; undefined when the process is gone or not ours to read. */
export function readProcessFile(pid: number, name: string, maxBytes: number): string | undefined {
  let fd: number | undefined;
  try {
    // What a process leaves in its directory may be a FIFO: that must not block.
    fd = openSync(`/proc/${pid}/${name}`, constants.O_RDONLY | constants.O_NONBLOCK);
    return fstatSync(fd).isFile() ? readFirst(fd, maxBytes) : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The kernel gives a page or less at a time. */
const PAGE_BYTES = 4_096;

function readFirst(fd: number, maxBytes: number): string {
  const pages: Buffer[] = [];
  for (let length = 0; length < maxBytes;) {
    const page = Buffer.allocUnsafe(Math.min(PAGE_BYTES, maxBytes - length));
    const read = readSync(fd, page);
    if (read === 0) break;
    pages.push(page.subarray(0, read));
    length += read;
  }
  return Buffer.concat(pages).toString('utf8');
}

export function readProcessStat(pid: number): ProcessStat | undefined {
  const text = readProcessFile(pid, 'stat', PAGE_BYTES);
  return text === undefined ? undefined : parseProcessStat(text);
}

/** Beyond this an environment is not searched. */
const ENVIRON_BYTES = 512 * 1024;

export function readEnviron(pid: number): string | undefined {
  return readProcessFile(pid, 'environ', ENVIRON_BYTES);
}

/** Where `cwd` or `exe` points to; undefined when the process is gone or not ours to look into. */
export function readProcessLink(pid: number, name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}
