import type { AddressInfo, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { nextTick } from 'node:process';
import ipaddr from 'ipaddr.js';
import { canonicalHost } from '../support/host-name.ts';
import type { Destination } from './types.ts';

/** What a client asked for leads to this proxy itself. */
export class LoopError extends Error {
  readonly code = 'loop-detected';

  constructor() {
    super('the destination is this proxy itself');
  }
}

/** A connection of ours, and the address that it was begun to. */
interface Dialled {
  readonly socket: Socket;
  readonly to: Destination;
}

/**
 * Keeps us from dialling our own listener, where a request would be served a second time and nobody would know who asked:
 * by address, after resolving, and by connection, for ways that no address tells (NAT, a rule of the firewall).
 */
export class LoopGuard {
  readonly #listening: () => AddressInfo | null;
  /** What was dialled and is not closed yet, by its own end. */
  readonly #dialled = new Map<string, Dialled>();

  constructor(listening: () => AddressInfo | null) {
    this.#listening = listening;
  }

  /** False: nothing at this port leads to us, whatever the host is. */
  isOwnPort(port: number): boolean {
    return this.#listening()?.port === port;
  }

  /** Whether we listen at an address, as it came out of resolving. */
  isOwn(address: string, port: number): boolean {
    const listening = this.#listening();
    if (listening?.port !== port) return false;
    const [target, own] = [canonicalHost(address), canonicalHost(listening.address)];
    if (isUnspecified(own)) return isOfThisMachine(target);
    // The system takes the unspecified address for loopback.
    return target === own || (isUnspecified(target) && isLoopback(own) && kindOf(target) === kindOf(own));
  }

  /** Remembers a connection of ours until it is closed; to be called right after it was begun to an address. */
  watch(socket: Socket, to: Destination): void {
    let key: string | undefined;
    const note = (): void => {
      if (key !== undefined) this.#dialled.delete(key);
      const { localAddress, localPort } = socket;
      key =
        localAddress === undefined || localPort === undefined ? undefined : keyOf(localAddress, localPort);
      if (key !== undefined && !socket.destroyed) this.#dialled.set(key, { socket, to });
    };
    // Node begins to connect in the next tick; by then the system has given it a port, and nobody can have accepted it.
    nextTick(note);
    socket.once('connect', note);
    socket.once('close', () => {
      if (key !== undefined && this.#dialled.get(key)?.socket === socket) this.#dialled.delete(key);
    });
  }

  /**
   * Whether an accepted connection is one of ours; then both of its ends are closed, and who dialled it is told why.
   * @param isOfClient whether the system shows a socket that was connected to ours: connections to different places
   * may have the same port at this end, so that the port alone proves nothing
   */
  async endsLoop(accepted: Socket, isOfClient: () => Promise<boolean>): Promise<boolean> {
    const { remoteAddress, remotePort, localAddress = '', localPort } = accepted;
    if (remoteAddress === undefined || remotePort === undefined) return false;
    const dialled = this.#dialled.get(keyOf(remoteAddress, remotePort));
    // What has answered already is connected to somebody else.
    if (dialled === undefined || dialled.socket.bytesRead > 0) return false;
    const { host, port } = dialled.to;
    const isDirect = port === localPort && canonicalHost(host) === canonicalHost(localAddress);
    if (!isDirect && (await isOfClient())) return false;
    if (dialled.socket.destroyed) return false;
    dialled.socket.destroy(new LoopError());
    accepted.resetAndDestroy();
    return true;
  }
}

function keyOf(address: string, port: number): string {
  return `${canonicalHost(address)} ${port}`;
}

function isOfThisMachine(address: string): boolean {
  if (isUnspecified(address) || isLoopback(address)) return true;
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some((own) => canonicalHost(own.address) === address),
  );
}

function isUnspecified(address: string): boolean {
  return rangeOf(address) === 'unspecified' || address === '0.0.0.0';
}

function isLoopback(address: string): boolean {
  return rangeOf(address) === 'loopback';
}

function rangeOf(address: string): string | undefined {
  return ipaddr.isValid(address) ? ipaddr.parse(address).range() : undefined;
}

function kindOf(address: string): string | undefined {
  return ipaddr.isValid(address) ? ipaddr.parse(address).kind() : undefined;
}
