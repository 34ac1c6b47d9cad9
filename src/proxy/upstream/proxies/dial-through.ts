import type { SecureContext } from 'node:tls';
import type { Destination, UpstreamProxy } from '../../types.ts';
import { LoopError, LoopGuard } from '../../loop-guard.ts';
import { createConnector, type Connected, type ConnectTcp } from '../connect-tcp.ts';
import { connectTlsOver } from '../connect-tls.ts';
import { connectByHttp } from './http-connect.ts';
import { timedOut, tlsFailed, unreachable } from './explain.ts';
import type { Negotiation } from './reply-reader.ts';
import { connectBySocks } from './socks.ts';

export interface Passage {
  readonly destination: Destination;
  /** How the proxy is reached; by default without a listener of ours to be kept from. */
  readonly connectTcp?: ConnectTcp;
  /** The proxy gets requests in absolute form, and makes the connection to the destination by itself. */
  readonly isForwarding: boolean;
  /** For TLS to the proxy itself. */
  readonly secureContext: () => SecureContext;
  /** Until the tunnel stands, the proxy's own dialling included; default two minutes. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;
const connectUnguarded = createConnector(new LoopGuard(() => null));

/**
 * A connection to a destination through a proxy; the only timing is when it stood.
 * @throws UpstreamProxyError, or LoopError where the proxy is ourselves
 */
export async function dialThrough(proxy: UpstreamProxy, passage: Passage): Promise<Connected> {
  const startedAt = performance.now();
  const timeoutMs = passage.timeoutMs ?? TIMEOUT_MS;
  const { stream, socket } = await withTimeout(reach(proxy, passage), { proxy, timeoutMs });
  const negotiation = { proxy, socket: stream, deadline: startedAt + timeoutMs };
  try {
    if (!passage.isForwarding) await negotiate(negotiation, passage.destination);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return { stream, socket, timings: { connect: performance.now() - startedAt }, startedAt };
}

type Reached = Pick<Connected, 'stream' | 'socket'>;

async function reach(proxy: UpstreamProxy, passage: Passage): Promise<Reached> {
  const { connectTcp = connectUnguarded } = passage;
  let socket: Reached['socket'];
  try {
    ({ socket } = await connectTcp(proxy, {}));
  } catch (error) {
    throw error instanceof LoopError ? error : unreachable(proxy, error);
  }
  if (proxy.protocol !== 'https') return { stream: socket, socket };
  try {
    const stream = await connectTlsOver(socket, {
      servername: proxy.host,
      name: proxy.host,
      alpn: ['http/1.1'],
      secureContext: passage.secureContext(),
    });
    return { stream, socket };
  } catch (error) {
    socket.destroy();
    throw tlsFailed(proxy, error);
  }
}

function negotiate(negotiation: Negotiation, destination: Destination): Promise<void> {
  return negotiation.proxy.protocol.startsWith('http')
    ? connectByHttp(negotiation, destination)
    : connectBySocks(negotiation, destination);
}

/** What comes too late is closed. */
async function withTimeout(
  reaching: Promise<Reached>,
  { proxy, timeoutMs }: { proxy: UpstreamProxy; timeoutMs: number },
): Promise<Reached> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(timedOut(proxy));
      reaching.then(
        ({ socket }) => socket.destroy(),
        () => undefined,
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([reaching, late]);
  } finally {
    clearTimeout(timer);
  }
}
