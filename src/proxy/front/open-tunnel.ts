import type { ClientConnection } from '../connection.ts';
import type { Destination, ProxyUse, Via } from '../types.ts';
import type { Dialler, Reached } from '../upstream/dial.ts';
import type { Endpoint } from '../endpoint.ts';

/** A tunnel that its client believes to stand. */
export interface OpenTunnel {
  readonly connection: ClientConnection;
  readonly client: Endpoint;
  readonly destination: Destination;
  readonly via: Via;
  /** The way to the upstream; undefined while it depends on what the client speaks. */
  reached: Promise<Reached> | undefined;
}

/** The way on is that of the client's own choice: CONNECT is how programs use a proxy for HTTPS, SOCKS one for all. */
export function useOfTunnel(via: Via, protocol?: string): ProxyUse {
  return via === 'socks5' && protocol !== 'tls' ? 'all' : 'https';
}

/** Its connection to the upstream, which is dialled now if it was not before. */
export function reachUpstream(dialler: Dialler, tunnel: OpenTunnel, use: ProxyUse): Promise<Reached> {
  tunnel.reached ??= dialler.reach({ destination: tunnel.destination, use });
  return tunnel.reached;
}

/** Nothing was said on it, and nothing will be. */
export function dropUpstream(tunnel: OpenTunnel): void {
  tunnel.reached?.then(
    ({ socket }) => socket.destroy(),
    // Nobody asks any more why it could not be reached.
    () => undefined,
  );
}
