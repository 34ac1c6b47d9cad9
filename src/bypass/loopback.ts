import type { SocketRow } from '../support/socket-table.ts';
import type { NetworkTables } from './network-tables.ts';
import {
  isLive,
  isLoopback,
  leadsToListener,
  LISTENING,
  type Listener,
  type EgressSocket,
} from './egress-sockets.ts';

const DNS = 53;

/** Finds the connections within this machine that lead past our listener, each by the end of whoever opened it. */
export class LoopbackConnections {
  readonly #listener: Listener;
  /** Ports at which something has listened: a server may stop to listen when it has its client. */
  readonly #served = new Set<number>();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  find({ tcp, udp }: NetworkTables): EgressSocket[] {
    for (const { state, localPort } of tcp) if (state === LISTENING) this.#served.add(localPort);
    const local = tcp.filter(
      (row) =>
        row.inode !== 0 &&
        isLive(row) &&
        isLoopback(row.remoteAddress) &&
        !leadsToListener(row.remoteAddress, row.remotePort, this.#listener) &&
        !leadsToListener(row.localAddress, row.localPort, this.#listener),
    );
    const ends = new Map(local.map((row) => [keyOf(row), row]));
    return [
      ...local.flatMap((row) => this.#describe(row, ends.get(keyOf(mirrored(row))))),
      // The machine's own resolver is asked by everybody for every name.
      ...udp
        .filter((row) => row.inode !== 0 && isLoopback(row.remoteAddress) && row.remotePort !== DNS)
        .map((row) => ({ inode: row.inode, transport: 'udp' as const, peer: peerOf(row) })),
    ];
  }

  /** Nothing for the end that was accepted. Where the ports do not say which one that is, it is the newer socket. */
  #describe(row: SocketRow, other: SocketRow | undefined): EgressSocket[] {
    const isServed = this.#served.has(row.localPort);
    if (other === undefined)
      return isServed ? [] : [{ inode: row.inode, transport: 'tcp', peer: peerOf(row) }];
    const isOtherServed = this.#served.has(other.localPort);
    const isAmbiguous = isServed === isOtherServed;
    if (isAmbiguous ? row.inode > other.inode : isServed) return [];
    const end = { inode: other.inode, mayBeOpener: isAmbiguous };
    return [{ inode: row.inode, transport: 'tcp', peer: peerOf(row), other: end }];
  }
}

function peerOf({ remoteAddress, remotePort }: SocketRow): NonNullable<EgressSocket['peer']> {
  return { address: remoteAddress, port: remotePort };
}

type Ends = Pick<SocketRow, 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'>;

function mirrored({ localAddress, localPort, remoteAddress, remotePort }: Ends): Ends {
  return {
    localAddress: remoteAddress,
    localPort: remotePort,
    remoteAddress: localAddress,
    remotePort: localPort,
  };
}

function keyOf({ localAddress, localPort, remoteAddress, remotePort }: Ends): string {
  return `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;
}
