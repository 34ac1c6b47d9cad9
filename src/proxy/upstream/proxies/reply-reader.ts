import type { Socket } from 'node:net';
import { readUntil } from '../../peek.ts';
import { closedEarly, timedOut } from './explain.ts';
import type { UpstreamProxy } from '../../types.ts';

/** What a reader of a reply says of the bytes until now. */
export type Reply<T> =
  | { readonly state: 'incomplete' }
  | { readonly state: 'complete'; readonly value: T; readonly length: number };

/** The conversation with a proxy before the tunnel stands. */
export interface Negotiation {
  readonly proxy: UpstreamProxy;
  readonly socket: Socket;
  /** When it must be over, by `performance.now()`. */
  readonly deadline: number;
}

/**
 * Sends bytes and reads the reply to them; what follows it stays in the socket.
 * @throws UpstreamProxyError when none comes in time, or the proxy closes
 */
export async function ask<T>(
  { proxy, socket, deadline }: Negotiation,
  bytes: Uint8Array | string,
  parse: (bytes: Buffer) => Reply<T>,
): Promise<T> {
  socket.write(bytes);
  const reply = await readUntil(socket, parse, Math.max(1, deadline - performance.now()));
  if (reply.state === 'complete') return reply.value;
  socket.destroy();
  throw reply.state === 'silent' ? timedOut(proxy) : closedEarly(proxy);
}
