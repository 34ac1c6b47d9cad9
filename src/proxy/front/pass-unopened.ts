import type { Duplex } from 'node:stream';
import type { Reached } from '../upstream/dial.ts';
import { resetEndpoint } from '../endpoint.ts';
import { relay } from '../wire/relay.ts';
import { peekClientHello } from './client-hello.ts';
import { nameProtocol } from './first-bytes.ts';
import type { TunnelStart } from './front-parts.ts';
import { useOfTunnel, type OpenTunnel } from './open-tunnel.ts';
import { recordPassing } from './pass-unread.ts';
import { peek } from '../peek.ts';
import { PooledReads } from './pooled-reads.ts';
import type { TunnelParts } from './tunnel-parts.ts';

/**
 * A tunnel to a host that is to pass unread. It is dialled before the client is answered, so that what goes wrong is the
 * answer. Nothing of it is read but the name in a ClientHello, which may be that of another host.
 */
export async function passUnopened(parts: TunnelParts, start: TunnelStart): Promise<void> {
  const { connection, client, destination, via, answer } = start;
  const decided = new AbortController();
  const reads = new PooledReads(() => {
    decided.abort();
  });
  let upstream: Reached;
  try {
    upstream = await parts.dialler.reach({ destination, use: useOfTunnel(via), onread: reads });
  } catch (error) {
    connection.open(via, destination, { use: useOfTunnel(via) });
    const failure = parts.explainFailure(error, destination, connection);
    if (answer !== undefined) await answer({ error: failure, cause: error });
    else resetEndpoint(client);
    return;
  }
  await answer?.();
  connection.dialledAddress = upstream.address;
  const tunnel: OpenTunnel = { connection, client, destination, via, reached: Promise.resolve(upstream) };
  watchServer(upstream.stream, reads, decided);
  try {
    const first = await peek(client.stream, { signal: decided.signal });
    // From here on nobody but the relay may read from the server.
    decided.abort();
    const protocol = first instanceof Buffer ? nameProtocol(first) : undefined;
    const hello = protocol === 'tls' ? await peekClientHello(client.stream) : undefined;
    recordPassing(parts, tunnel, { reason: 'passthrough-option', protocol, hello });
  } catch (error) {
    upstream.socket.destroy();
    throw error;
  }
  relay(client, upstream);
  reads.passOn(upstream.stream, client.stream);
}

/** Ends the wait for the client when the server speaks first, or ends. */
function watchServer(upstream: Duplex, reads: PooledReads, decided: AbortController): void {
  const stop = (): void => {
    decided.abort();
  };
  upstream.once('end', stop);
  upstream.once('close', stop);
  if (!reads.isInUse) void peek(upstream, { signal: decided.signal }).then(stop);
}
