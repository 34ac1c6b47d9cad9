import type { OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DecisionPoint } from '../../model/decision.ts';
import { silentLog, type Log } from '../../support/log.ts';
import { LoopError, type LoopGuard } from '../loop-guard.ts';
import type { ClientCertificate, Destination, ProxyUse, UpstreamProxies, UpstreamProxy } from '../types.ts';
import { applyResolve, findRule, type ResolveRule } from './apply-resolve.ts';
import { createConnector, type DialTimings } from './connect-tcp.ts';
import { resolveHost } from './resolve-host.ts';
import type { Resettable } from '../endpoint.ts';
import { createTlsDialler, type SecureTarget, type Secured } from './dial-tls.ts';

/** Where TCP is to lead. */
export interface Target {
  readonly destination: Destination;
  /** Which of the user's proxies is asked. */
  readonly use: ProxyUse;
  /** Where what it sends is read to, past the stream; a dialler may leave it and read as ever. */
  readonly onread?: OnReadOpts;
  /** The request is in absolute form: a proxy on the way gets itself what else would go through a tunnel of it. */
  readonly isForwarded?: boolean;
}

/** A connection to an upstream, in the clear as yet. */
export interface Reached {
  readonly stream: Duplex;
  /** The TCP connection below it. */
  readonly socket: Resettable;
  readonly timings: DialTimings;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
  /** Of the upstream; undefined where a proxy is on the way. */
  readonly address: string | undefined;
}

/** A connection that requests can be sent on. */
export interface UpstreamConnection {
  readonly stream: Duplex;
  /** The TCP connection below it. */
  readonly socket: Resettable;
  readonly timings: DialTimings;
  readonly address: string | undefined;
  /** Of the TLS handshake; undefined where nothing was agreed upon. */
  readonly alpn: string | undefined;
  /** Its certificate was not accepted. */
  readonly unverified?: Secured['unverified'];
}

export interface Dialler {
  /** @throws LoopError, DeniedError, UpstreamProxyError, and what the system says */
  readonly reach: (target: Target) => Promise<Reached>;
  /** Speaks TLS on it. A certificate that is not accepted is no failure here: see `unverified`. */
  readonly secure: (reached: Reached, target: SecureTarget) => Promise<UpstreamConnection>;
  /** The upstream proxy on the way; undefined is the direct way. */
  readonly proxyFor: (destination: Destination, use: ProxyUse) => UpstreamProxy | undefined;
  /** Whether a destination is our own listener; a dial to it throws `LoopError`, whoever asked first. */
  readonly leadsToUs: (destination: Destination) => Promise<boolean>;
  /** Reads the roots now, which takes some 50 ms, instead of while the first client waits. */
  readonly prepare: () => void;
}

export interface DiallerOptions {
  readonly roots: () => readonly string[];
  readonly resolve: readonly ResolveRule[];
  readonly upstreamProxies: UpstreamProxies | undefined;
  readonly clientCertificates: readonly ClientCertificate[];
  readonly guard: LoopGuard;
  readonly decisions?: DecisionPoint | undefined;
  readonly log?: Log;
}

/** Dials upstreams; certificates are always verified against the given roots, which are read once. */
export function createDialler(options: DiallerOptions): Dialler {
  const { guard, decisions, resolve, log = silentLog } = options;
  const tls = createTlsDialler(options);
  const connectTcp = createConnector(guard, decisions);
  const leadsToUs = createLoopCheck(options);
  // An address that the user gave for a host is dialled, whatever way its name would go.
  const proxyFor: Dialler['proxyFor'] = (destination, use) =>
    findRule(destination, resolve) === undefined
      ? options.upstreamProxies?.choose(destination, use)
      : undefined;
  const reach: Dialler['reach'] = async (target) => {
    const { destination, use, isForwarded = false } = target;
    const proxy = proxyFor(destination, use);
    if (proxy === undefined) {
      const connected = await connectTcp(applyResolve(destination, resolve), target);
      return { ...connected, address: connected.socket.remoteAddress };
    }
    // A proxy on this machine, such as a proxaudit around this one, would lead back to us.
    if (await leadsToUs(destination)) throw new LoopError();
    const { dialThrough } = await import('./proxies/dial-through.ts');
    const connected = await dialThrough(proxy, {
      destination,
      connectTcp,
      isForwarding: isForwarded && isForwarding(proxy),
      secureContext: () => tls.contextFor(proxy),
    });
    return { ...connected, address: undefined };
  };
  return {
    proxyFor,
    leadsToUs,
    prepare: () => tls.contextFor(undefined),
    reach: logDials(reach, log),
    secure: async (reached, target) => {
      const { socket, timings, startedAt, address } = reached;
      const { stream, unverified } = await tls.secure(reached.stream, target);
      timings.tls = performance.now() - startedAt;
      const alpn = stream.alpnProtocol || undefined;
      return { stream, socket, timings, address, alpn, ...(unverified === undefined ? {} : { unverified }) };
    },
  };
}

/** What is spoken on it is not TLS. */
export function withoutTls(reached: Reached): UpstreamConnection {
  const { stream, socket, timings, address } = reached;
  return { stream, socket, timings, address, alpn: undefined };
}

/** Names are looked up for our own port alone: behind a proxy that is not ours to do. */
function createLoopCheck({ guard, resolve }: DiallerOptions): Dialler['leadsToUs'] {
  return async (destination) => {
    const { host, port } = applyResolve(destination, resolve);
    if (!guard.isOwnPort(port)) return false;
    const addresses = await resolveHost(host).catch((): string[] => []);
    return addresses.some((address) => guard.isOwn(address, port));
  };
}

function logDials(reach: Dialler['reach'], log: Log): Dialler['reach'] {
  return async (target) => {
    const { host, port } = target.destination;
    try {
      const reached = await reach(target);
      log.debug('dialled', { host, port, ms: Math.round(reached.timings.connect ?? 0) });
      return reached;
    } catch (error) {
      log.info('could not dial', { host, port, reason: error instanceof Error ? error.message : error });
      throw error;
    }
  };
}

/** Plain requests go to it in absolute form. */
export function isForwarding({ protocol }: UpstreamProxy): boolean {
  return protocol === 'http' || protocol === 'https';
}
