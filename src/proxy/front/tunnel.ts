import type { Socket } from 'node:net';
import type { Destination } from '../types.ts';
import type { ClientConnection } from '../connection.ts';
import type { Dial } from '../upstream/dial.ts';
import { describeUpstreamFailure } from '../upstream/failures.ts';

/** Joins a client connection to its destination unread, with back-pressure and half-closes as they come. */
export async function tunnel(
  connection: ClientConnection,
  destination: Destination,
  dial: Dial,
): Promise<void> {
  const { socket: client } = connection;
  let upstream: Socket;
  try {
    ({ socket: upstream } = await dial({ destination, tls: undefined, allowHalfOpen: true }));
  } catch (error) {
    connection.error = describeUpstreamFailure(error);
    client.destroy();
    return;
  }
  if (client.destroyed) {
    upstream.destroy();
    return;
  }
  // `end` passes on as a half-close; a reset or an error ends both.
  client.pipe(upstream);
  upstream.pipe(client);
  for (const [side, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    side.on('error', () => {
      other.destroy();
    });
    side.on('close', () => {
      other.destroySoon();
    });
  }
}
