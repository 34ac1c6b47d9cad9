import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  realpathSync,
  type BigIntStats,
} from 'node:fs';
import { resolve } from 'node:path';

/** Where a journal goes: a file that is truncated or, `exclusive`, must not exist yet; an open descriptor; nowhere. */
export type JournalTarget =
  { readonly file: string; readonly exclusive?: boolean } | { readonly fd: number | null };

/** The identity of a file when it was opened for writing. */
export interface FileIdentity {
  /** Absolute, as it was asked for. */
  readonly path: string;
  /** Where that led, without symbolic links. */
  readonly realPath: string;
  /** Open for writing: as long as it is, no other file gets this inode. */
  readonly fd: number;
  readonly status: BigIntStats;
  /** Whether we could read it, too. */
  readonly isReadable: boolean;
}

export interface JournalFile {
  readonly fd: number | null;
  /** Null for what nobody else must keep unchanged: no regular file, or the one that standard output or error go to. */
  readonly identity: FileIdentity | null;
  /** Safe to call again. */
  readonly close: () => void;
}

/** Appending: what others add in between stays, and is noticed at the end. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;

/** Opens it for writing, readable by its owner only where it is made. Throws the system's error. */
export function openJournalFile(target: JournalTarget): JournalFile {
  if ('fd' in target) return { fd: target.fd, identity: null, close: () => undefined };
  const fd = openSync(
    target.file,
    FLAGS | (target.exclusive === true ? constants.O_EXCL : constants.O_TRUNC),
    0o600,
  );
  let isOpen = true;
  return {
    fd,
    identity: identify(fd, target.file),
    close() {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}

const STANDARD_STREAMS = [0, 1, 2];

function identify(fd: number, file: string): FileIdentity | null {
  const status = fstatSync(fd, { bigint: true });
  if (!status.isFile() || STANDARD_STREAMS.some((stream) => isSameFile(status, tryStatus(stream))))
    return null;
  const path = resolve(file);
  return { path, realPath: tryRealPath(path), fd, status, isReadable: isReadable(path) };
}

export function isSameFile(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return one.dev === other?.dev && one.ino === other.ino;
}

/** Undefined for a descriptor that is closed. */
function tryStatus(fd: number): BigIntStats | undefined {
  try {
    return fstatSync(fd, { bigint: true });
  } catch {
    return undefined;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function tryRealPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // It is gone already, and will be missed at the end.
    return path;
  }
}
