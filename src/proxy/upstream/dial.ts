import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Destination, ResolveRule } from '../types.ts';

export interface TlsIntent {
  /** The name the client asked for; undefined when it sent no SNI. */
  readonly servername: string | undefined;
  readonly alpn: readonly string[];
}

export interface Target {
  readonly destination: Destination;
  /** Undefined: plain TCP. */
  readonly tls: TlsIntent | undefined;
  /** A raw tunnel passes half-closes on; HTTP connections close as a whole. */
  readonly allowHalfOpen?: boolean;
  /** Where what it sends is read to, past the stream; a dialler may leave it and read as ever. */
  readonly onread?: OnReadOpts;
}

/** Milliseconds from the start of dialling at which each phase was done. */
export interface DialTimings {
  dns?: number;
  connect?: number;
  tls?: number;
}

export interface Dialled {
  readonly socket: Socket;
  readonly timings: DialTimings;
  readonly alpn: string | undefined;
}

export type Dial = (target: Target) => Promise<Dialled>;

// Node gives up an address after 250 ms by default, which breaks slow but working networks.
const ADDRESS_ATTEMPT_MS = 3000;

export interface Dialler {
  readonly dial: Dial;
  /** Reads the roots now, which takes some 50 ms, instead of while the first client waits. */
  readonly prepare: () => void;
}

/** Dials upstreams; certificates are always verified against the given roots, which are read once. */
export function createDialler(options: {
  roots: () => readonly string[];
  resolve: readonly ResolveRule[];
}): Dialler {
  let context: SecureContext | undefined;
  const secureContext = (): SecureContext => (context ??= createSecureContext({ ca: [...options.roots()] }));
  return {
    prepare: secureContext,
    dial: async (target) => {
      const { socket, timings, startedAt } = await dialTcp(
        applyResolve(target.destination, options.resolve),
        target,
      );
      if (target.tls === undefined) return { socket, timings, alpn: undefined };
      const secured = await secure(socket, target, secureContext());
      timings.tls = performance.now() - startedAt;
      return { socket: secured, timings, alpn: secured.alpnProtocol || undefined };
    },
  };
}

export function applyResolve(destination: Destination, rules: readonly ResolveRule[]): Destination {
  const rule = rules.find(
    ({ host, port }) => host === destination.host && (port === undefined || port === destination.port),
  );
  return rule === undefined ? destination : { host: rule.address, port: rule.toPort ?? destination.port };
}

function dialTcp(
  { host, port }: Destination,
  { allowHalfOpen = false, onread }: Target,
): Promise<{ socket: Socket; timings: DialTimings; startedAt: number }> {
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
      socket.off('error', reject);
      timings.connect = performance.now() - startedAt;
      resolve({ socket, timings, startedAt });
    });
  });
}

function secure(socket: Socket, target: Target, secureContext: SecureContext): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const { host } = target.destination;
    const name = target.tls?.servername ?? host;
    const tlsSocket = connectTls({
      socket,
      secureContext,
      host: name,
      // An address is no server name (RFC 6066): it is verified against the IP entries of the certificate.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ALPNProtocols: [...(target.tls?.alpn ?? [])],
    });
    const fail = (error: Error): void => {
      tlsSocket.destroy();
      reject(error);
    };
    const closed = (): void => {
      fail(
        Object.assign(new Error('the connection was closed during the TLS handshake'), {
          code: 'ECONNRESET',
        }),
      );
    };
    tlsSocket.once('error', fail);
    tlsSocket.once('close', closed);
    tlsSocket.once('secureConnect', () => {
      tlsSocket.off('error', fail);
      tlsSocket.off('close', closed);
      resolve(tlsSocket);
    });
  });
}
