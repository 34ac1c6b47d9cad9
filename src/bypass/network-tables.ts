import { readFileSync } from 'node:fs';
import { parseSocketTable, type SocketRow } from '../support/socket-table.ts';

/** The sockets of this network namespace, but for what is left of closed connections. */
export interface NetworkTables {
  readonly tcp: readonly SocketRow[];
  readonly udp: readonly SocketRow[];
}

export function readNetworkTables(): NetworkTables {
  const read = (name: string): SocketRow[] => parseSocketTable(readTable(name), { withoutTimeWait: true });
  return { tcp: [...read('tcp'), ...read('tcp6')], udp: [...read('udp'), ...read('udp6')] };
}

/** A unix socket as `/proc/net/unix` tells it: which one is at the other end, it does not. */
export interface UnixRow {
  readonly inode: number;
  /** Empty for a client's end. */
  readonly path: string;
}

// Num: RefCount Protocol Flags Type St Inode Path; of type 0001 (stream), connected
const CONNECTED = /^[\da-f]+: [\dA-F]{8} [\dA-F]{8} [\dA-F]{8} 0001 03 +(\d+)(?: (.*))?$/gm;

/** The connected stream sockets. */
export function readUnixConnections(): UnixRow[] {
  return parseUnixConnections(readTable('unix'));
}

export function parseUnixConnections(text: string): UnixRow[] {
  return Array.from(text.matchAll(CONNECTED), ([, inode, path]) => ({
    inode: Number(inode),
    path: path ?? '',
  }));
}

function readTable(name: string): string {
  try {
    return readFileSync(`/proc/net/${name}`, 'latin1');
  } catch {
    return '';
  }
}
