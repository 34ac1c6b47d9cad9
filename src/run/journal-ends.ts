import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface JournalEnds {
  readonly bytes: number;
  /** The first line, and the last one that a newline ends; empty where there is none within the bounds. */
  readonly first: string;
  readonly last: string;
}

const STEP = 16 * 1024;
/** Four times the longest line that we write. */
const MOST = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Reads the first and the last line of a file, however long it is; undefined for what is no readable file. */
export function readEnds(file: string): JournalEnds | undefined {
  let descriptor: number | undefined;
  try {
    // A path that somebody wrote may name a pipe, which would never open.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFile()) return undefined;
    const { size } = status;
    return { bytes: size, first: readFirst(descriptor, size), last: readLast(descriptor, size) };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether the last line of a file has no newline; false for what is empty, or no readable file. */
export function endsWithinLine(file: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFile() || status.size === 0) return false;
    return readPart(descriptor, status.size - 1, 1)[0] !== NEWLINE;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readFirst(descriptor: number, size: number): string {
  for (let length = STEP; ; length *= 4) {
    const head = readPart(descriptor, 0, Math.min(length, size));
    const end = head.indexOf(NEWLINE);
    if (end !== -1) return head.toString('utf8', 0, end);
    if (length >= Math.min(size, MOST)) return '';
  }
}

function readLast(descriptor: number, size: number): string {
  for (let length = STEP; ; length *= 4) {
    const taken = Math.min(length, size);
    const tail = readPart(descriptor, size - taken, taken);
    const end = tail.lastIndexOf(NEWLINE);
    const start = end < 1 ? -1 : tail.lastIndexOf(NEWLINE, end - 1);
    if (end > 0 && (start !== -1 || taken === size)) return tail.toString('utf8', start + 1, end);
    if (length >= Math.min(size, MOST)) return '';
  }
}

function readPart(descriptor: number, position: number, length: number): Buffer {
  const part = Buffer.alloc(length);
  return part.subarray(0, readSync(descriptor, part, 0, length, position));
}
