import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { LoopError, type LoopGuard } from '../loop-guard.ts';
import { allowEverything, DeniedError, type DecisionPoint } from '../../model/decision.ts';
import type { Destination } from '../types.ts';
import { resolveHost } from './resolve-host.ts';

/** Milliseconds from the start of dialling at which each phase was done. */
export interface DialTimings {
  dns?: number;
  connect?: number;
  tls?: number;
}

export interface Connected {
  /** What is spoken on: the TCP connection, or TLS to a proxy on the way. */
  readonly stream: Socket;
  /** The TCP connection. */
  readonly socket: Socket;
  readonly timings: DialTimings;
  readonly startedAt: number;
}

export interface SocketOptions {
  /** Where what it sends is read to, past the stream. */
  readonly onread?: OnReadOpts;
}

/** Connects to a name or an address. Throws `LoopError` where that is ourselves. */
export type ConnectTcp = (destination: Destination, options: SocketOptions) => Promise<Connected>;

/** Of several addresses, all but the last one are given up after this long. */
const ADDRESS_ATTEMPT_MS = 3000;

/**
 * A connector that resolves first, has the addresses judged, never connects to our own listener, and takes the first address
 * that answers.
 */
export function createConnector(guard: LoopGuard, { decide }: DecisionPoint = allowEverything): ConnectTcp {
  return async ({ host, port }, options) => {
    const startedAt = performance.now();
    const timings: DialTimings = {};
    const addresses = await resolveHost(host);
    if (isIP(host) === 0) timings.dns = performance.now() - startedAt;
    if (addresses.some((address) => guard.isOwn(address, port))) throw new LoopError();
    const decision = decide({ stage: 'dns', host, port, addresses });
    if (decision !== 'need-more' && decision.action === 'deny') throw new DeniedError(decision);
    const socket = await connectToFirst(addresses, (address) =>
      begin({ host: address, port }, options, guard),
    );
    timings.connect = performance.now() - startedAt;
    return { stream: socket, socket, timings, startedAt };
  };
}

function begin({ host, port }: Destination, options: SocketOptions, guard: LoopGuard): Socket {
  const { onread } = options;
  const socket = connect({
    ...{ host, port, noDelay: true, allowHalfOpen: true },
    ...(onread === undefined ? {} : { onread }),
  });
  guard.watch(socket, { host, port });
  return socket;
}

async function connectToFirst(
  addresses: readonly string[],
  beginTo: (address: string) => Socket,
): Promise<Socket> {
  const errors: Error[] = [];
  for (const [index, address] of addresses.entries()) {
    const isLast = index === addresses.length - 1;
    try {
      return await waitForConnect(beginTo(address), isLast ? undefined : ADDRESS_ATTEMPT_MS);
    } catch (error) {
      if (error instanceof LoopError) throw error;
      errors.push(error as Error);
    }
  }
  const [only] = errors;
  throw errors.length === 1 && only !== undefined ? only : new AggregateError(errors);
}

function waitForConnect(socket: Socket, timeoutMs: number | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            const error = new Error('the connection timed out');
            socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
          }, timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      // It may fail before its next user listens; it remembers why.
      socket.on('error', () => undefined);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
