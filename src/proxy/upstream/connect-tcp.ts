import { connect, type OnReadOpts, type Socket } from 'node:net';
import type { Destination } from '../types.ts';

/** Milliseconds from the start of dialling at which each phase was done. */
export interface DialTimings {
  dns?: number;
  connect?: number;
  tls?: number;
}

export interface Connected {
  readonly socket: Socket;
  readonly timings: DialTimings;
  readonly startedAt: number;
}

interface SocketWishes {
  /** A raw tunnel passes half-closes on; HTTP connections close as a whole. */
  readonly allowHalfOpen?: boolean;
  /** Where what it sends is read to, past the stream. */
  readonly onread?: OnReadOpts;
}

// Node gives up an address after 250 ms by default, which breaks slow but working networks.
const ADDRESS_ATTEMPT_MS = 3000;

/** Connects to a name or an address; of several addresses the first one that answers is taken. */
export function connectTcp(
  { host, port }: Destination,
  { allowHalfOpen = false, onread }: SocketWishes,
): Promise<Connected> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const timings: DialTimings = {};
    const socket = connect({
      host,
      port,
      noDelay: true,
      allowHalfOpen,
      ...(onread === undefined ? {} : { onread }),
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    });
    socket.once('lookup', () => {
      timings.dns = performance.now() - startedAt;
    });
    socket.once('error', reject);
    socket.once('connect', () => {
      // It may fail before its next user listens; it remembers why.
      socket.on('error', () => undefined);
      socket.off('error', reject);
      timings.connect = performance.now() - startedAt;
      resolve({ socket, timings, startedAt });
    });
  });
}
