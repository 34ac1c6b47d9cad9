import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { formatBytes } from './quantities.ts';

export interface Bounds {
  readonly maxBytes: number;
  /** For a file that the user named: also what ends only when its writer is done, such as `<(command)` of a shell. */
  readonly isPipeRead?: boolean;
}

const STEP = 64 * 1024;

/**
 * All bytes of a regular file. Where pipes are not read nothing blocks, whatever the path names.
 * @throws Error which `reasonOf` understands: for what is missing, may not be read, is no file, or is larger.
 */
export function readBounded(path: string, { maxBytes, isPipeRead = false }: Bounds): Buffer {
  const fd = openSync(path, constants.O_RDONLY | (isPipeRead ? 0 : constants.O_NONBLOCK));
  try {
    const status = fstatSync(fd);
    if (status.isDirectory()) throw new Error('it is a directory');
    if (!status.isFile() && !isPipeRead) throw new Error('it is no regular file');
    const bytes = status.size > maxBytes ? undefined : readUpTo(fd, maxBytes, status);
    if (bytes === undefined) throw new Error(`it is larger than ${formatBytes(maxBytes)}`);
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** As `readBounded`; undefined where that throws. */
export function tryReadBounded(path: string, bounds: Bounds): Buffer | undefined {
  try {
    return readBounded(path, bounds);
  } catch {
    return undefined;
  }
}

/** The first bytes of a regular file; undefined for what is none, or cannot be read. Never blocks. */
export function tryReadStart(path: string, maxBytes: number): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(fd).isFile()) return undefined;
    const bytes = Buffer.alloc(maxBytes);
    return bytes.subarray(0, readSync(fd, bytes, 0, maxBytes, 0));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Throws an Error which `reasonOf` understands for what is no UTF-8. A byte order mark is left out. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('it is no UTF-8 text', { cause });
  }
}

/** Undefined for what is larger: a file may grow while it is read, and what is no file does not tell its size. */
function readUpTo(fd: number, maxBytes: number, { size }: Stats): Buffer | undefined {
  const parts: Buffer[] = [];
  let length = 0;
  for (let wanted = Math.max(size, STEP); length <= maxBytes; wanted = STEP) {
    const part = Buffer.allocUnsafe(Math.min(wanted, maxBytes + 1 - length));
    const count = readSync(fd, part, 0, part.length, null);
    if (count === 0) return parts.length === 1 ? parts[0] : Buffer.concat(parts, length);
    parts.push(part.subarray(0, count));
    length += count;
  }
  return undefined;
}
