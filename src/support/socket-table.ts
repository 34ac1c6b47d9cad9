/** One row of `/proc/net/tcp`, `tcp6`, `udp` or `udp6`: one end of a connection, as the process that holds it sees it. */
export interface SocketRow {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The kernel's number of the TCP state: 1 established, 2 SYN sent, 6 TIME_WAIT, 10 listening, … */
  readonly state: number;
  /**
   * Whose socket it is; undefined for what is left of a closed connection in TIME_WAIT, or in FIN_WAIT2 without a
   * process. Of a socket that no process holds any more, Linux before 6.17 says 0 for every user.
   */
  readonly uid: number | undefined;
  /** 0 when no process holds the socket any more. */
  readonly inode: number;
}

// sl local:port remote:port state queues timer retransmits uid timeout inode references address, and more of a whole socket
const ROW =
  /^ *\d+: ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) ([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4}) ([\dA-F]{2}) [\dA-F:]+ [\dA-F:]+ [\dA-F]+ +(\d+) +\d+ (\d+)(?: \d+ [\da-f]+( +\d+)?)?/;

/** What is to be parsed of a table. */
export interface WantedRows {
  /** Rows with one of these local ports only. */
  readonly localPorts?: ReadonlySet<number>;
  /** None of what is left of closed connections, of which a busy machine has thousands. */
  readonly withoutTimeWait?: boolean;
}

/**
 * Parses whole lines of a socket table; the heading and anything else is skipped. Mapped IPv4 comes out as IPv4. Rows
 * that are not wanted are not parsed: a busy machine has ten thousands of them.
 */
export function parseSocketTable(
  text: string,
  { localPorts, withoutTimeWait = false }: WantedRows = {},
): SocketRow[] {
  const ports = localPorts && new Set(Array.from(localPorts, toHexPort));
  const rows: SocketRow[] = [];
  for (let start = 0, end = 0; end !== -1; start = end + 1) {
    end = text.indexOf('\n', start);
    if (ports !== undefined && !ports.has(localPortAt(text, start))) continue;
    if (withoutTimeWait && isTimeWait(text, start)) continue;
    const row = parseRow(end === -1 ? text.slice(start) : text.slice(start, end));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function toHexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** The four digits after the first address of a line. */
function localPortAt(text: string, line: number): string {
  const address = text.indexOf(':', line) + 2;
  const port = text.indexOf(':', address) + 1;
  return text.slice(port, port + 4);
}

const TIME_WAIT = '06';

/** The state stands behind the two addresses. */
function isTimeWait(text: string, line: number): boolean {
  const local = text.indexOf(':', line) + 2;
  const remote = text.indexOf(' ', local) + 1;
  const state = text.indexOf(' ', remote) + 1;
  return text.startsWith(TIME_WAIT, state);
}

function parseRow(line: string): SocketRow | undefined {
  const match = ROW.exec(line);
  if (match === null) return undefined;
  const [, localAddress = '', localPort = '', remoteAddress = '', remotePort = '', state = '', ...rest] =
    match;
  const [uid, inode, more] = rest;
  return {
    localAddress: readAddress(localAddress),
    localPort: Number.parseInt(localPort, 16),
    remoteAddress: readAddress(remoteAddress),
    remotePort: Number.parseInt(remotePort, 16),
    state: Number.parseInt(state, 16),
    uid: inode === '0' && more === undefined ? undefined : Number(uid),
    inode: Number(inode),
  };
}

/** The form in which a socket table and Node agree on an address: mapped IPv4 as IPv4, no zone. */
export function normaliseAddress(address: string): string {
  const [bare = ''] = address.split('%', 1);
  return bare.replace(/^::ffff:(?=\d+\.)/i, '');
}

const MAPPED_IPV4 = '00000000000000000000ffff';
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The kernel prints addresses as 32-bit words in the order of this machine. */
function readAddress(words: string): string {
  const bytes = Buffer.from(words, 'hex');
  if (IS_LITTLE_ENDIAN) bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.toString('hex', 0, 12) === MAPPED_IPV4) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  // The URL standard's serialiser writes the short form that Node uses.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
