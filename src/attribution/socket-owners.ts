import { open } from 'node:fs/promises';
import { answerInRounds } from './rounds.ts';
import { normaliseAddress, parseSocketTable } from './socket-table.ts';

/** A connection as its accepting socket knows it; a `net.Socket` is one. */
export interface ConnectionTuple {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/** Who holds the client's end of a connection. */
export interface SocketOwner {
  readonly uid: number;
  readonly inode: number;
}

/** Runtimes that only make IPv6 sockets (Java) are in the second one, also with IPv4 addresses. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
/** The kernel gives about 4 KiB a read, in whole lines. */
const CHUNK_BYTES = 65_536;

/**
 * Makes a function that finds the owner of a connection's other end on this machine. The tables are read by one
 * reader at a time for all connections that wait. Undefined when the client has closed its socket by then.
 */
export function createOwnerFinder(): (connection: ConnectionTuple) => Promise<SocketOwner | undefined> {
  return answerInRounds(async (connections) => {
    const keys = connections.map(keyOf);
    const found = new Map<string, SocketOwner>();
    const wanted = new Set(keys);
    for (const table of TABLES) {
      if (wanted.size > 0) await readOwners(table, wanted, found);
    }
    return keys.map((key) => found.get(key));
  });
}

function keyOf({ remoteAddress = '', remotePort, localAddress = '', localPort }: ConnectionTuple): string {
  return `${normaliseAddress(remoteAddress)} ${remotePort ?? 0} ${normaliseAddress(localAddress)} ${localPort ?? 0}`;
}

/** Moves what the table has of `wanted` to `found`, and stops reading when nothing is wanted any more. */
async function readOwners(
  table: string,
  wanted: Set<string>,
  found: Map<string, SocketOwner>,
): Promise<void> {
  const handle = await open(table).catch(() => undefined);
  if (handle === undefined) return;
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let rest = ''; wanted.size > 0;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      const text = rest + buffer.toString('latin1', 0, bytesRead);
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      for (const row of parseSocketTable(text.slice(0, end))) {
        // The client's row: what is remote to us is local to it.
        const key = `${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort}`;
        if (wanted.delete(key) && row.inode !== 0) found.set(key, { uid: row.uid, inode: row.inode });
      }
    }
  } finally {
    await handle.close();
  }
}
