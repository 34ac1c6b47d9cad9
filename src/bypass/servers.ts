import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { splitCommandLine } from '../support/procfs.ts';
import { daemons, type Daemon } from './daemons.ts';

/** A daemon that listens on loopback. */
export interface Server {
  readonly pid: number;
  readonly daemon: Daemon;
}

export function listProcesses(): number[] {
  return list('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
}

/** The daemons among these processes, as far as we may look into them. */
export function findServers(pids: readonly number[]): Server[] {
  return pids.flatMap((pid) => {
    const line = splitCommandLine(readCommandLine(pid)).join(' ');
    const daemon = daemons.find(({ server }) => server?.test(line));
    return daemon === undefined ? [] : [{ pid, daemon }];
  });
}

/** The inodes of the sockets that a process holds, or that we do (`self`). */
export function listSockets(pid: number | 'self'): number[] {
  return list(`/proc/${pid}/fd`).flatMap((descriptor) => {
    const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${descriptor}`))?.[1];
    return inode === undefined ? [] : [Number(inode)];
  });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
