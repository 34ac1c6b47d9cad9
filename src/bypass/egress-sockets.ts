import { isIP } from 'node:net';
import { normaliseAddress, type SocketRow } from '../support/socket-table.ts';
import type { NetworkTables } from './network-tables.ts';

/** A socket that leads past our listener, or may. */
export interface EgressSocket {
  readonly inode: number;
  readonly transport: 'tcp' | 'udp';
  /** Undefined for a UDP socket without a fixed peer: the system does not tell where it sends. */
  readonly peer: { readonly address: string; readonly port: number } | undefined;
  /** The other end, of a connection within this machine; `mayBeOpener` where it is not certain which end opened it. */
  readonly other?: { readonly inode: number; readonly mayBeOpener: boolean };
}

export interface Listener {
  readonly host: string;
  readonly port: number;
}

/** Numbers of TCP states: established, SYN sent, FIN wait 1 and 2, close wait, last ACK, closing. */
const LIVE = new Set([1, 2, 4, 5, 8, 9, 11]);
export const LISTENING = 10;
const NOWHERE = new Set(['0.0.0.0', '::']);

export function isLive({ state }: SocketRow): boolean {
  return LIVE.has(state);
}

/** Whether this is where we listen. A listener on all addresses, or on a name, is reached by any of loopback too. */
export function leadsToListener(address: string, port: number, listener: Listener): boolean {
  if (port !== listener.port) return false;
  const host = normaliseAddress(listener.host);
  return address === host || ((isIP(host) === 0 || NOWHERE.has(host)) && isLoopback(address));
}

/** Those of all sockets that lead elsewhere than to our listener or to loopback. What was accepted leads nowhere. */
export function findEgressSockets({ tcp, udp }: NetworkTables, listener: Listener): EgressSocket[] {
  const served = new Set(tcp.filter(({ state }) => state === LISTENING).map(({ localPort }) => localPort));
  const isAside = ({ inode, state, localPort, remoteAddress, remotePort }: SocketRow): boolean =>
    inode === 0 ||
    !LIVE.has(state) ||
    served.has(localPort) ||
    isLoopback(remoteAddress) ||
    leadsToListener(remoteAddress, remotePort, listener);
  return [
    ...tcp.filter((row) => !isAside(row)).map((row) => describe(row, 'tcp')),
    ...udp
      .filter(({ inode, localAddress, remoteAddress }) =>
        inode === 0 ? false : !isLoopback(remoteAddress) && !isLoopback(localAddress),
      )
      .map((row) => describe(row, 'udp')),
  ];
}

/** Connections to this machine itself, by the port that they lead to. */
export function findLocal({ tcp }: NetworkTables, listener: Listener): SocketRow[] {
  return tcp.filter(
    ({ inode, state, remoteAddress, remotePort }) =>
      inode !== 0 && LIVE.has(state) && isLoopback(remoteAddress) && remotePort !== listener.port,
  );
}

/** The ports at which these sockets listen. */
export function findServedPorts({ tcp }: NetworkTables, inodes: ReadonlySet<number>): Set<number> {
  const listening = tcp.filter(({ state, inode }) => state === LISTENING && inodes.has(inode));
  return new Set(listening.map(({ localPort }) => localPort));
}

function describe({ inode, remoteAddress, remotePort }: SocketRow, transport: 'tcp' | 'udp'): EgressSocket {
  const isFixed = !NOWHERE.has(remoteAddress);
  return { inode, transport, peer: isFixed ? { address: remoteAddress, port: remotePort } : undefined };
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
