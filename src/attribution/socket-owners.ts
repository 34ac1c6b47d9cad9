import { closeSync, openSync, readSync } from 'node:fs';
import { release } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { normaliseAddress, parseSocketTable, type SocketRow } from '../support/socket-table.ts';
import { answerInRounds } from './rounds.ts';

/** A connection as its accepting socket knows it; a `net.Socket` is one. */
export interface ConnectionTuple {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/** Whose the client's end of a connection is. */
export interface SocketOwner {
  readonly uid: number;
  /** 0 when it is closed already, and the kernel still tells whose it was. */
  readonly inode: number;
}

/** Runtimes that only make IPv6 sockets (Java) are in the second one, also with IPv4 addresses. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
/** The kernel gives about 4 KiB a read, in whole lines. */
const CHUNK_BYTES = 65_536;
/** Reads, of some 20 µs each, before others have their turn. */
const READS_AT_ONCE = 24;

/** Linux 6.17 and newer tell whose a socket was that its process has closed; older ones say that it was root's. */
const KEEPS_UID = isAtLeast(release(), 6, 17);

/**
 * Makes a function that finds the owner of a connection's other end on this machine. The tables are read by one
 * reader at a time for all connections that wait. A client that has closed its socket is still found for as long as
 * its end of the connection is not acknowledged (some 40 ms, as Linux delays that), where the kernel keeps its user;
 * undefined after that.
 */
export function createOwnerFinder(): (connection: ConnectionTuple) => Promise<SocketOwner | undefined> {
  return answerInRounds(async (connections) => {
    const keys = connections.map(keyOf);
    const search: Search = {
      wanted: new Set(keys),
      ports: new Set(connections.map(({ remotePort }) => remotePort ?? 0)),
      found: new Map(),
    };
    // Twice: sockets that come and go while a table is read can move a row past the reader.
    for (const table of [...TABLES, ...TABLES]) {
      if (search.wanted.size > 0) await readOwners(table, search);
    }
    return keys.map((key) => search.found.get(key));
  });
}

interface Search {
  readonly wanted: Set<string>;
  /** The clients' ports. */
  readonly ports: ReadonlySet<number>;
  readonly found: Map<string, SocketOwner>;
}

function keyOf({ remoteAddress = '', remotePort, localAddress = '', localPort }: ConnectionTuple): string {
  return `${normaliseAddress(remoteAddress)} ${remotePort ?? 0} ${normaliseAddress(localAddress)} ${localPort ?? 0}`;
}

/** Moves what the table has of `wanted` to `found`, and stops reading when nothing is wanted any more. */
async function readOwners(table: string, { wanted, ports, found }: Search): Promise<void> {
  for await (const text of readLines(table)) {
    for (const row of parseSocketTable(text, { localPorts: ports })) {
      // The client's row: what is remote to us is local to it.
      const key = `${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort}`;
      if (!wanted.delete(key)) continue;
      const owner = ownerOf(row);
      if (owner !== undefined) found.set(key, owner);
    }
    if (wanted.size === 0) return;
  }
}

function ownerOf({ uid, inode }: SocketRow): SocketOwner | undefined {
  const isForgotten = uid === undefined || (inode === 0 && uid === 0 && !KEEPS_UID);
  return isForgotten ? undefined : { uid, inode };
}

/** Whether a release such as `6.18.44-generic` is this version or a newer one. */
function isAtLeast(text: string, major: number, minor: number): boolean {
  const [, first = '0', second = '0'] = /^(\d+)\.(\d+)/.exec(text) ?? [];
  return Number(first) > major || (Number(first) === major && Number(second) >= minor);
}

/** The table in pieces of whole lines; nothing where there is none. */
async function* readLines(table: string): AsyncGenerator<string> {
  const fd = tryOpen(table);
  if (fd === undefined) return;
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let reads = 1, rest = ''; ; reads++) {
      const length = readSync(fd, buffer);
      if (length === 0) return;
      const text = rest + buffer.toString('latin1', 0, length);
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      yield text.slice(0, end);
      if (reads % READS_AT_ONCE === 0) await turn();
    }
  } finally {
    closeSync(fd);
  }
}

function tryOpen(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
