import type { Socket } from 'node:net';
import type { Destination, ProxyUse, Via } from '../types.ts';
import type { ClientConnection } from '../connection.ts';
import type { Dial } from '../upstream/dial.ts';
import { describeUpstreamFailure } from '../upstream/failures.ts';
import { peek } from './peek.ts';
import { PooledReads } from './pooled-reads.ts';

/** The way on is that of the client's own choice: CONNECT is how programs use a proxy for HTTPS, SOCKS one for all. */
export function useOfTunnel(via: Via, protocol?: string): ProxyUse {
  return via === 'socks5' && protocol !== 'tls' ? 'all' : 'https';
}

interface TunnelParts {
  readonly destination: Destination;
  readonly use: ProxyUse;
  readonly dial: Dial;
  /**
   * Called when somebody spoke, or nobody will, and before anything of it goes on: with what the client said first, null
   * when it has ended, `silent` when it was not the first.
   */
  readonly heard?: (first: Buffer | null | 'silent') => Promise<void>;
}

/** Dials for a tunnel and joins it. When that fails the connection's error is set and the client closed. */
export async function openTunnel(
  connection: ClientConnection,
  { destination, use, dial, heard }: TunnelParts,
): Promise<void> {
  const { socket: client } = connection;
  const decided = new AbortController();
  const reads = new PooledReads(() => {
    decided.abort();
  });
  const dialling = dial({ destination, tls: undefined, allowHalfOpen: true, onread: reads, use });
  if (heard !== undefined) {
    watchServer(dialling, reads, decided);
    try {
      const first = await peek(client, { signal: decided.signal });
      // From here on nobody but the join may read from the server.
      decided.abort();
      await heard(first);
    } catch (error) {
      await dialling.then(
        ({ socket }) => socket.destroy(),
        () => undefined,
      );
      throw error;
    }
  }
  try {
    const dialled = await dialling;
    connection.dialledAddress = dialled.address;
    join(client, dialled.socket);
    reads.passOn(dialled.socket, client);
  } catch (error) {
    connection.error = describeUpstreamFailure(error);
    client.destroy();
  }
}

/** Ends the wait for the client when the server speaks first, ends, or cannot be dialled. */
function watchServer(dialling: ReturnType<Dial>, reads: PooledReads, decided: AbortController): void {
  const stop = (): void => {
    decided.abort();
  };
  dialling.then(({ socket }) => {
    socket.once('end', stop);
    socket.once('close', stop);
    if (!reads.isInUse) void peek(socket, { signal: decided.signal }).then(stop);
  }, stop);
}

/** Joins a client connection to its upstream unread, with back-pressure and half-closes as they come. */
export function join(client: Socket, upstream: Socket): void {
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

/**
 * For a client that is silent although its tunnel stands: it may be slow, or wait for the server to speak first.
 * Dials, and says who spoke. The upstream is the caller's to use or to destroy; it is undefined when dialling failed
 * and the client spoke after all.
 */
export async function waitForEither(
  client: Socket,
  dialled: Promise<Socket | undefined>,
): Promise<{ spoke: 'client'; bytes: Buffer | null } | { spoke: 'server' }> {
  const decided = new AbortController();
  const server = dialled.then((upstream) =>
    // Without an upstream only the client can decide.
    upstream === undefined ? new Promise<never>(() => undefined) : peek(upstream, { signal: decided.signal }),
  );
  const asked = peek(client, { signal: decided.signal });
  const first = await Promise.race([
    asked.then((bytes) => ({ spoke: 'client' as const, bytes: bytes === 'silent' ? null : bytes })),
    server.then(() => ({ spoke: 'server' as const })),
  ]);
  decided.abort();
  await asked;
  return first;
}
