import type { TunnelReason } from '../../model/route.ts';
import { findDifferingTunnelNames, redactNames } from '../exchange/used-names.ts';
import { relay } from '../wire/relay.ts';
import type { ClientHello } from './client-hello.ts';
import { reachUpstream, useOfTunnel, type OpenTunnel } from './open-tunnel.ts';
import type { TunnelParts } from './tunnel-parts.ts';

interface Passing {
  readonly reason: TunnelReason;
  readonly protocol?: string | undefined;
  readonly hello?: ClientHello | undefined;
  /** What the client has said that is not in its stream any more. */
  readonly said?: Buffer | undefined;
}

/** Joins a tunnel to its upstream unread, and says why. Rejects when that cannot be reached. */
export async function passUnread(parts: TunnelParts, tunnel: OpenTunnel, passing: Passing): Promise<void> {
  const { connection, client, via } = tunnel;
  recordPassing(parts, tunnel, passing);
  const upstream = await reachUpstream(parts.dialler, tunnel, useOfTunnel(via, passing.protocol));
  connection.dialledAddress = upstream.address;
  if (passing.said !== undefined) upstream.stream.write(passing.said);
  relay(client, upstream);
}

export function recordPassing(parts: TunnelParts, tunnel: OpenTunnel, passing: Passing): void {
  const { connection, destination, via } = tunnel;
  const { reason, protocol, hello } = passing;
  connection.open(via, destination, { use: useOfTunnel(via, protocol), sni: hello?.sni });
  parts.log.debug('tunnelled', { connection: connection.id, ...destination, reason, protocol });
  const later = connection.unlessOpenedTo(destination);
  const names = findDifferingTunnelNames({ connect: destination.host, sni: hello?.claimedName });
  parts.record({
    type: 'passed-through',
    connectionId: connection.id,
    reason,
    ...(protocol === undefined ? {} : { protocol }),
    ...(later === undefined ? {} : { destination: later }),
    ...(names === undefined ? {} : { names: redactNames(names, parts.redaction) }),
  });
}
