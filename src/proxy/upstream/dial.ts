import type { OnReadOpts, Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type {
  ClientCertificate,
  Destination,
  ProxyUse,
  ResolveRule,
  UpstreamProxies,
  UpstreamProxy,
} from '../types.ts';
import { silentLog, type Log } from '../../support/log.ts';
import { createCertificateChoice } from './client-certificates.ts';
import { LoopError, type LoopGuard } from '../loop-guard.ts';
import { createConnector, type Connected, type DialTimings } from './connect-tcp.ts';
import { connectTlsOver } from './connect-tls.ts';
import { resolveHost } from './resolve-host.ts';

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
  /** Which of the user's proxies is asked; by default that of the scheme. */
  readonly use?: ProxyUse;
  /** The request is in absolute form: a proxy on the way gets itself what else would go through a tunnel of it. */
  readonly isForwarded?: boolean;
}

export interface Dialled {
  readonly socket: Socket;
  readonly timings: DialTimings;
  readonly alpn: string | undefined;
  /** Of the upstream; undefined where a proxy is on the way. */
  readonly address?: string | undefined;
}

export type Dial = (target: Target) => Promise<Dialled>;

export interface Dialler {
  readonly dial: Dial;
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
  readonly log?: Log;
}

/** Dials upstreams; certificates are always verified against the given roots, which are read once. */
export function createDialler(options: DiallerOptions): Dialler {
  const contextFor = createContexts(options);
  const connectTcp = createConnector(options.guard);
  const leadsToUs = createLoopCheck(options);
  // An address that the user gave for a host is dialled, whatever way its name would go.
  const proxyFor: Dialler['proxyFor'] = (destination, use) =>
    findRule(destination, options.resolve) === undefined
      ? options.upstreamProxies?.choose(destination, use)
      : undefined;
  const reach = async (target: Target): Promise<Connected> => {
    const proxy = proxyFor(target.destination, useOf(target));
    if (proxy === undefined) return connectTcp(applyResolve(target.destination, options.resolve), target);
    // A proxy on this machine, such as a proxaudit around this one, would lead back to us.
    if (await leadsToUs(target.destination)) throw new LoopError();
    const { dialThrough } = await import('./proxies/dial-through.ts');
    return dialThrough(proxy, {
      destination: target.destination,
      connectTcp,
      isForwarding: target.isForwarded === true && isForwarding(proxy),
      allowHalfOpen: target.allowHalfOpen === true,
      secureContext: () => contextFor(proxy),
    });
  };
  const dial: Dial = async (target) => {
    const { socket, timings, startedAt } = await reach(target);
    const isDirect = proxyFor(target.destination, useOf(target)) === undefined;
    const address = isDirect ? socket.remoteAddress : undefined;
    if (target.tls === undefined) return { socket, timings, alpn: undefined, address };
    const secured = await connectTlsOver(socket, {
      name: target.tls.servername ?? target.destination.host,
      alpn: target.tls.alpn,
      secureContext: contextFor(target.destination),
    });
    timings.tls = performance.now() - startedAt;
    return { socket: secured, timings, alpn: secured.alpnProtocol || undefined, address };
  };
  return {
    proxyFor,
    leadsToUs,
    prepare: () => contextFor(undefined),
    dial: logDials(dial, options.log ?? silentLog),
  };
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

function logDials(dial: Dial, log: Log): Dial {
  return async (target) => {
    const { host, port } = target.destination;
    try {
      const dialled = await dial(target);
      const { tls, connect } = dialled.timings;
      log.debug('dialled', { host, port, alpn: dialled.alpn, ms: Math.round(tls ?? connect ?? 0) });
      return dialled;
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

function useOf({ use, tls }: Target): ProxyUse {
  return use ?? (tls === undefined ? 'http' : 'https');
}

/** One context for all hosts, and one for each certificate of ours. */
function createContexts({
  roots,
  clientCertificates,
}: DiallerOptions): (place: Destination | undefined) => SecureContext {
  const choose = createCertificateChoice(clientCertificates);
  const contexts = new Map<ClientCertificate | undefined, SecureContext>();
  let ca: string[] | undefined;
  return (place) => {
    const own = place === undefined ? undefined : choose(place);
    const known = contexts.get(own);
    if (known !== undefined) return known;
    ca ??= [...roots()];
    const context = createSecureContext({ ca, ...(own && { cert: own.certPem, key: own.keyPem }) });
    contexts.set(own, context);
    return context;
  };
}

export function applyResolve(destination: Destination, rules: readonly ResolveRule[]): Destination {
  const rule = findRule(destination, rules);
  return rule === undefined ? destination : { host: rule.address, port: rule.toPort ?? destination.port };
}

function findRule(destination: Destination, rules: readonly ResolveRule[]): ResolveRule | undefined {
  return rules.find(
    ({ host, port }) => host === destination.host && (port === undefined || port === destination.port),
  );
}
