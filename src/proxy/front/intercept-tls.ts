import type { TLSSocket } from 'node:tls';
import type { TunnelReason } from '../../model/route.ts';
import type { Intercepted } from '../ca-rejections.ts';
import { acceptTls, ClientTlsError } from '../tls/accept-tls.ts';
import type { Tunnel } from '../tunnel.ts';
import type { UpstreamConnection } from '../upstream/dial.ts';
import { describeUpstreamFailure } from '../upstream/failures.ts';
import { denialOf } from '../wire/judge-request.ts';
import { resetEndpoint, type Endpoint } from '../endpoint.ts';
import { relay } from '../wire/relay.ts';
import { TunnelPair } from '../wire/tunnel-pair.ts';
import { peekClientHello, type ClientHello } from './client-hello.ts';
import { classifyFirstBytes } from './first-bytes.ts';
import { dropUpstream, reachUpstream, type OpenTunnel } from './open-tunnel.ts';
import { passUnread } from './pass-unread.ts';
import { readFirstBytes, restOf } from './read-first-bytes.ts';
import type { TunnelParts } from './tunnel-parts.ts';
import { waitForEither } from './wait-for-either.ts';

/** A ClientHello came: TLS is spoken with both sides, and what is in it is read, unless there is a reason not to. */
export async function interceptTls(parts: TunnelParts, open: OpenTunnel): Promise<void> {
  const { connection, client, destination, via } = open;
  const hello = await peekClientHello(client.stream);
  if (hello === undefined) {
    connection.open(via, destination, { use: 'https' });
    dropUpstream(open);
    client.socket.destroy();
    return;
  }
  const intercepted: Intercepted = { connection, host: hello.sni ?? destination.host };
  const reason = await findReasonToTunnel(parts, open, { hello, intercepted });
  if (reason !== undefined) {
    await passUnread(parts, open, { reason, protocol: 'tls', hello });
    return;
  }
  connection.open(via, destination, { use: 'https', sni: hello.sni });
  const { host, port } = destination;
  const decision = parts.decisions.decide({ stage: 'tls', host, port, sni: hello.sni });
  // What needs more is decided at the request.
  const denial = decision === 'need-more' ? undefined : denialOf(decision);
  if (denial !== undefined) {
    connection.error = denial;
    dropUpstream(open);
    resetEndpoint(client);
    return;
  }
  parts.log.debug('intercepted', { connection: connection.id, host, port, sni: hello.sni });
  const { sni, claimedName } = hello;
  const upstream = await secureUpstream(parts, open, hello);
  await serveSecured(parts, {
    intercepted,
    client,
    upstream,
    tunnel: { destination, via, secure: true, sni, claimedName },
  });
}

async function findReasonToTunnel(
  { isPassedThrough, trust, wantsClientCertificate }: TunnelParts,
  { destination }: OpenTunnel,
  { hello: { sni }, intercepted }: { hello: ClientHello; intercepted: Intercepted },
): Promise<TunnelReason | undefined> {
  if (sni !== undefined && isPassedThrough(sni)) return 'passthrough-option';
  if (await trust.shouldTunnelAfterRejection(intercepted)) return 'ca-refused';
  return wantsClientCertificate(sni ?? destination.host) ? 'client-certificate-wanted' : undefined;
}

/** The upstream's handshake comes first: what it chooses of the client's own list is what the client gets. */
async function secureUpstream(
  { dialler }: TunnelParts,
  open: OpenTunnel,
  { sni, alpn }: ClientHello,
): Promise<UpstreamConnection> {
  const reached = await reachUpstream(dialler, open, 'https');
  try {
    return await dialler.secure(reached, { destination: open.destination, servername: sni, alpn });
  } catch (error) {
    reached.socket.destroy();
    throw error;
  }
}

interface SecuredTunnel {
  readonly intercepted: Intercepted;
  readonly tunnel: Tunnel;
  readonly client: Endpoint;
  readonly upstream: UpstreamConnection;
}

async function serveSecured(parts: TunnelParts, secured: SecuredTunnel): Promise<void> {
  const { intercepted, upstream, client: raw, tunnel } = secured;
  const { connection } = intercepted;
  const stream = await answerClient(parts, secured);
  if (stream === undefined) {
    resetEndpoint(upstream);
    resetEndpoint(raw);
    return;
  }
  const client: Endpoint = { stream, socket: raw.socket };
  const unverifiedTls = upstream.unverified && describeUpstreamFailure(upstream.unverified.error).code;
  const pair = { connection, tunnel, client, upstream, unverifiedTls };
  const protocol = upstream.alpn === 'h2' ? 'http2' : await recogniseProtocol(pair);
  switch (protocol) {
    case 'http2':
      // Its client speaks first (RFC 9113, 3.4).
      stream.once('close', () => {
        if (stream.bytesRead === 0) void noteRejection(parts, secured, 'closed');
      });
      await parts.serveHttp2(pair);
      return;
    case 'http1':
      new TunnelPair(parts, pair);
      return;
    case 'nothing':
      void noteRejection(parts, secured, 'closed');
      relay(client, upstream);
      return;
    case 'cut':
      // A reset within the first request line: nothing of that goes on, as of any head that is cut short.
      relay(client, upstream);
      return;
    case 'unknown':
      parts.record({ type: 'passed-through', connectionId: connection.id, reason: 'not-http-in-tls' });
      relay(client, upstream);
      return;
  }
}

/**
 * What is spoken inside of TLS, where nobody has agreed upon it: the rule of first bytes holds again. HTTP/2 in TLS needs
 * ALPN (RFC 9113, 3.2), and node:http2 serves none without it.
 */
async function recogniseProtocol({
  client,
  upstream,
}: {
  readonly client: Endpoint;
  readonly upstream: UpstreamConnection;
}): Promise<'http1' | 'nothing' | 'cut' | 'unknown'> {
  const first = await waitForEither(client.stream, Promise.resolve(upstream.stream));
  if (first.by === 'server') {
    if (first.bytes !== null) return 'unknown';
    if (upstream.stream.errored) throw upstream.stream.errored;
    // It closes an idle connection, which the pair passes on.
    return 'http1';
  }
  if (first.bytes === null) return 'nothing';
  const bytes = await readFirstBytes(client.stream);
  const kind = bytes === null ? 'other' : classifyFirstBytes(bytes);
  if (kind === 'http') return 'http1';
  const rest = bytes === null ? undefined : restOf(client.stream, bytes);
  if (rest !== undefined) upstream.stream.write(rest);
  return kind === 'undecided' && client.stream.destroyed ? 'cut' : 'unknown';
}

/** Undefined: the client did not go through with its handshake, and that is noted. */
async function answerClient(parts: TunnelParts, secured: SecuredTunnel): Promise<TLSSocket | undefined> {
  const { intercepted, tunnel, client, upstream } = secured;
  const { connection, host } = intercepted;
  const { unverified, alpn } = upstream;
  if (unverified !== undefined) parts.explainFailure(unverified.error, tunnel.destination, connection);
  const context =
    unverified === undefined ? parts.leafFor(host) : parts.faultyLeafFor(unverified.certificate);
  try {
    return await acceptTls(client, { context, alpn });
  } catch (error) {
    if (!(error instanceof ClientTlsError)) throw error;
    parts.log.info('the client broke off TLS', { connection: connection.id, reason: error.reason });
    await noteRejection(parts, secured, error.reason);
    return undefined;
  }
}

async function noteRejection(
  { trust }: TunnelParts,
  { intercepted, upstream: { unverified } }: SecuredTunnel,
  reason: string,
): Promise<void> {
  // It is right to reject a certificate with a fault.
  if (unverified === undefined) await trust.noteFailure(intercepted, reason);
  else intercepted.connection.error = describeUpstreamFailure(unverified.error);
}
