import type { ExchangeError } from '../../model/exchange.ts';
import type { Tunnel } from '../tunnel.ts';
import { relay } from '../wire/relay.ts';
import type { InnerTunnel } from '../wire/wire-parts.ts';
import { parseAuthority } from '../authority.ts';
import type { ProxyUse } from '../types.ts';
import { isForwarding, withoutTls, type Reached } from '../upstream/dial.ts';
import { resetEndpoint } from '../endpoint.ts';
import { PlainConnection } from '../wire/plain-connection.ts';
import { createTunnelRouter } from '../wire/plain-route.ts';
import { TunnelPair } from '../wire/tunnel-pair.ts';
import { classifyFirstBytes, nameProtocol } from './first-bytes.ts';
import type { TunnelStart } from './front-parts.ts';
import { peek } from '../peek.ts';
import { readFirstBytes, restOf } from './read-first-bytes.ts';
import { interceptTls } from './intercept-tls.ts';
import { dropUpstream, reachUpstream, useOfTunnel, type OpenTunnel } from './open-tunnel.ts';
import { passUnopened } from './pass-unopened.ts';
import { passUnread } from './pass-unread.ts';
import { routeConnect } from './route.ts';
import type { TunnelParts } from './tunnel-parts.ts';
import { waitForEither } from './wait-for-either.ts';

/** A tunnel whose client is silent this long may be a protocol in which the server speaks first. */
const SERVER_FIRST_MS = 250;

/** Begins a tunnel: what the client says first decides whether it is read, and how. */
export async function enterTunnel(parts: TunnelParts, start: TunnelStart): Promise<void> {
  if (start.route.action === 'tunnel') {
    await passUnopened(parts, start);
    return;
  }
  const { connection, client, destination, via, answer } = start;
  const tunnel: OpenTunnel = { connection, client, destination, via, reached: reachEarly(parts, start) };
  if (start.wantsReason && tunnel.reached !== undefined) {
    const failed = await tunnel.reached.then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    );
    if (failed !== undefined) {
      await answer?.({ ...failed, error: parts.explainFailure(failed.cause, destination, connection) });
      return;
    }
  }
  await answer?.();
  await serveTunnel(parts, tunnel);
}

/** Why a tunnel within a tunnel may not be; undefined where it may. It is judged as an outer one. */
export async function refuseInnerTunnel(
  parts: TunnelParts,
  authority: string,
): Promise<{ readonly status: 403 | 508; readonly error: ExchangeError } | undefined> {
  const destination = parseAuthority(authority);
  if (destination === undefined) return undefined;
  const route = await routeConnect(parts, destination);
  if (route.action !== 'refuse') return undefined;
  return { status: route.status, error: { code: route.code, message: route.reason } };
}

/** A tunnel within a tunnel: both of its ends stand already. What it carries is read as that of an outer one. */
export async function enterInnerTunnel(parts: TunnelParts, inner: InnerTunnel): Promise<void> {
  const { connection, authority, client, upstream } = inner;
  const { stream, socket } = upstream;
  const destination = parseAuthority(authority);
  if (destination === undefined) {
    parts.recordUnparsed(connection, 'a CONNECT within a tunnel that names no host and port');
    relay(client, upstream);
    return;
  }
  const reached = { stream, socket, timings: {}, startedAt: performance.now(), address: undefined };
  await serveTunnel(parts, {
    connection,
    client,
    destination,
    via: 'connect',
    reached: Promise.resolve(reached),
  });
}

async function serveTunnel(parts: TunnelParts, tunnel: OpenTunnel): Promise<void> {
  try {
    await serveByFirstBytes(parts, tunnel);
  } catch (error) {
    failTunnel(parts, tunnel, error);
  }
}

async function serveByFirstBytes(parts: TunnelParts, tunnel: OpenTunnel): Promise<void> {
  const { connection, destination, via } = tunnel;
  const first = await hearFirst(parts, tunnel);
  if (first === 'server') {
    await passUnread(parts, tunnel, { reason: 'server-first' });
    return;
  }
  if (first === null) {
    await serveSilent(parts, tunnel);
    return;
  }
  switch (classifyFirstBytes(first)) {
    case 'tls':
      await interceptTls(parts, tunnel);
      return;
    case 'http':
      connection.open(via, destination, { use: 'http' });
      await serveHttp1(parts, tunnel);
      return;
    case 'http2':
      connection.open(via, destination, { use: 'http' });
      await serveHttp2InTheClear(parts, tunnel);
      return;
    case 'undecided':
      if (tunnel.client.stream.destroyed) {
        await passReset(parts, tunnel);
        return;
      }
      await passUnread(parts, tunnel, { reason: 'not-http', said: restOf(tunnel.client.stream, first) });
      return;
    case 'socks5':
    case 'other':
      await passUnread(parts, tunnel, { reason: 'not-http', protocol: nameProtocol(first) });
      return;
  }
}

/** A client that has reset within its first request line: nothing of that goes on, as of any head that is cut short. */
async function passReset(parts: TunnelParts, tunnel: OpenTunnel): Promise<void> {
  tunnel.connection.open(tunnel.via, tunnel.destination, { use: 'http' });
  relay(tunnel.client, await reachUpstream(parts.dialler, tunnel, 'http'));
}

/** A client that has ended without a word may still listen, as to a server that speaks first. */
async function serveSilent(parts: TunnelParts, tunnel: OpenTunnel): Promise<void> {
  const { connection, client, destination, via } = tunnel;
  if (client.stream.destroyed || tunnel.reached === undefined) {
    connection.open(via, destination, { use: useOfTunnel(via) });
    dropUpstream(tunnel);
    client.socket.destroy();
    return;
  }
  const upstream = await tunnel.reached;
  upstream.stream.end();
  if ((await peek(upstream.stream, {})) instanceof Buffer) {
    await passUnread(parts, tunnel, { reason: 'server-first' });
    return;
  }
  connection.open(via, destination, { use: useOfTunnel(via) });
  relay(client, upstream);
}

/**
 * What the client said first, null where it has ended; `server` where that spoke, or ended, and the client waits for it. A
 * server of HTTP/2 need not wait for its client.
 */
async function hearFirst(parts: TunnelParts, tunnel: OpenTunnel): Promise<Buffer | null | 'server'> {
  const { stream } = tunnel.client;
  const failed = tunnel.reached?.then(() => new Promise<never>(() => undefined));
  const asked = peek(stream, { timeoutMs: SERVER_FIRST_MS });
  const first = await (failed === undefined ? asked : Promise.race([asked, failed]));
  if (first === null) return null;
  if (first !== 'silent') return readFirstBytes(stream);
  tunnel.reached ??= parts.dialler.reach({ destination: tunnel.destination, use: useOfTunnel(tunnel.via) });
  const later = await waitForEither(
    stream,
    tunnel.reached.then((upstream) => upstream.stream),
  );
  if (later.by === 'server') return 'server';
  return later.bytes === null ? null : readFirstBytes(stream);
}

/** Plain HTTP: a proxy of the user's that takes requests themselves gets them in absolute form. */
async function serveHttp1(parts: TunnelParts, open: OpenTunnel): Promise<void> {
  const { connection, client, destination } = open;
  const tunnel = withoutNames(open);
  const proxy = parts.dialler.proxyFor(destination, 'http');
  if (open.reached === undefined && proxy !== undefined && isForwarding(proxy)) {
    const router = createTunnelRouter(parts.dialler, tunnel);
    new PlainConnection(parts, { connection, client, router });
    return;
  }
  const upstream = withoutTls(await reachUpstream(parts.dialler, open, 'http'));
  new TunnelPair(parts, { connection, tunnel, client, upstream });
}

/** A client that knows that the server speaks HTTP/2 (RFC 9113, 3.3). */
async function serveHttp2InTheClear(parts: TunnelParts, open: OpenTunnel): Promise<void> {
  const { connection, client } = open;
  const upstream = withoutTls(await reachUpstream(parts.dialler, open, 'http'));
  await parts.serveHttp2({ connection, tunnel: withoutNames(open), client, upstream });
}

function withoutNames({ destination, via }: OpenTunnel): Tunnel {
  return { destination, via, secure: false, sni: undefined, claimedName: undefined };
}

/** TCP is dialled at once where it leads to the same place whatever the client speaks. */
function reachEarly(
  { dialler }: TunnelParts,
  { destination, via }: TunnelStart,
): Promise<Reached> | undefined {
  const uses: ProxyUse[] = via === 'socks5' ? ['http', 'https', 'all'] : ['http', 'https'];
  if (uses.some((use) => dialler.proxyFor(destination, use) !== undefined)) return undefined;
  const reached = dialler.reach({ destination, use: 'https' });
  // Whoever needs it is told.
  reached.catch(() => undefined);
  return reached;
}

/** What would have been a failure to connect is a reset now: the client was told that it is connected. */
function failTunnel(
  parts: TunnelParts,
  { connection, client, destination, via }: OpenTunnel,
  error: unknown,
): void {
  connection.open(via, destination, { use: useOfTunnel(via) });
  connection.error ??= parts.explainFailure(error, destination, connection);
  resetEndpoint(client);
}
