import { endianness } from 'node:os';

/** One row of `/proc/net/tcp` or `tcp6`: one end of a connection, as the process that holds it sees it. */
export interface SocketRow {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Whose socket it is; meaningless when `inode` is 0. */
  readonly uid: number;
  /** 0 when no process holds the socket any more. */
  readonly inode: number;
}

// sl local:port remote:port state queues timer retransmits uid timeout inode
const ROW =
  /^ *\d+: ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) [\dA-F]{2} [\dA-F:]+ [\dA-F:]+ [\dA-F]+ +(\d+) +\d+ (\d+)/gm;

/** Parses whole lines of a socket table; the heading and anything else is skipped. Mapped IPv4 comes out as IPv4. */
export function parseSocketTable(text: string): SocketRow[] {
  return Array.from(
    text.matchAll(ROW),
    ([, localAddress, localPort, remoteAddress, remotePort, uid, inode]) => ({
      localAddress: readAddress(localAddress ?? ''),
      localPort: Number.parseInt(localPort ?? '', 16),
      remoteAddress: readAddress(remoteAddress ?? ''),
      remotePort: Number.parseInt(remotePort ?? '', 16),
      uid: Number(uid),
      inode: Number(inode),
    }),
  );
}

/** The form in which a socket table and Node agree on an address: mapped IPv4 as IPv4, no zone. */
export function normaliseAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

const MAPPED_IPV4 = '00000000000000000000ffff';

/** The kernel prints addresses as 32-bit words in the order of this machine. */
function readAddress(words: string): string {
  const bytes = Buffer.from(words, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.toString('hex', 0, 12) === MAPPED_IPV4) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  // The URL standard's serialiser writes the short form that Node uses.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
