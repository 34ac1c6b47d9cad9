import type { ClientConnection } from '../connection.ts';
import type { RecordedRequest } from '../exchange/exchanges.ts';
import { formatAuthority } from '../authority.ts';
import type { Tunnel } from '../tunnel.ts';
import type { Destination, UpstreamProxy } from '../types.ts';
import { isForwarding, withoutTls, type Dialler, type UpstreamConnection } from '../upstream/dial.ts';
import { authorizationFor } from '../upstream/proxies/authorization.ts';
import { asksToUpgrade } from './http1-exchange.ts';
import { editHead, type HeadEdits } from './edit-head.ts';
import type { RequestHead } from './reader/message-head.ts';
import {
  absoluteForm,
  describePlainRequest,
  describeTunnelRequest,
  missingHost,
  originTarget,
  resolveAbsoluteTarget,
  type AbsoluteTarget,
} from './request-target.ts';

/** Where one request goes that is not tunnelled. */
export interface PlainRoute {
  /** Requests with the same key share a connection. */
  readonly key: string;
  readonly request: RecordedRequest;
  /** The user's proxy, which gets the request itself. */
  readonly forwardingProxy: UpstreamProxy | undefined;
  dial(): Promise<UpstreamConnection>;
  /** Its head as it goes on. */
  edit(head: RequestHead, bytes: Buffer): Buffer;
}

/** Says where requests lead. */
export interface PlainRouter {
  /** Where a request goes, or why that cannot be said. */
  route(head: RequestHead): PlainRoute | string;
}

const EXPECTED = 'this is a proxy: expected an absolute URL in the request line, or CONNECT host:port';
/** Between the client and us. */
const OURS = ['proxy-connection', 'proxy-authorization'];

/** For clients that use us as their proxy for plain HTTP. */
export function createPlainRouter(dialler: Dialler): PlainRouter {
  return {
    route(head) {
      const target = resolveAbsoluteTarget(head);
      return target === undefined
        ? EXPECTED
        : createRoute(dialler, target, { request: describePlainRequest(head, target), isForwarded: true });
    },
  };
}

/**
 * For plain HTTP in a tunnel, where the user's proxy gets requests in absolute form, but for those that ask for another
 * protocol: RFC 6455, 4.1 has clients of WebSocket tunnel through a proxy.
 */
export function createTunnelRouter(dialler: Dialler, tunnel: Tunnel): PlainRouter {
  const { destination } = tunnel;
  return {
    route(head) {
      const target = { destination, path: originTarget(head.target), secure: false, servername: undefined };
      const request = describeTunnelRequest(head, tunnel);
      return createRoute(dialler, target, { request, isForwarded: !asksToUpgrade(head) });
    },
  };
}

/** Stands for a request of which not even the first line can be read. */
export const UNREADABLE: RequestHead = {
  kind: 'request',
  method: '-',
  target: '/',
  version: '1.1',
  headers: [],
  framing: { kind: 'none' },
  oddities: [],
};

/** A request that leads nowhere was made to ourselves. */
export function describeUnroutable(head: RequestHead, { socket }: ClientConnection): RecordedRequest {
  const { localAddress: host = 'unknown', localPort: port = 0 } = socket;
  const { method, version, headers, oddities } = head;
  const destination: Destination = { host, port };
  const path = head.target.startsWith('/') ? head.target : `/${head.target}`;
  const url = `http://${formatAuthority(destination, 'http')}${path}`;
  return {
    method,
    url,
    httpVersion: version,
    headers,
    oddities,
    destination,
    secure: false,
    names: undefined,
  };
}

function createRoute(
  dialler: Dialler,
  target: AbsoluteTarget,
  { request, isForwarded }: { readonly request: RecordedRequest; readonly isForwarded: boolean },
): PlainRoute {
  const { destination, secure, servername } = target;
  const proxy = secure ? undefined : dialler.proxyFor(destination, 'http');
  const forwardingProxy = isForwarded && proxy !== undefined && isForwarding(proxy) ? proxy : undefined;
  return {
    key: forwardingProxy?.shown ?? `${secure ? 'tls' : 'tcp'} ${formatAuthority(destination)}`,
    request,
    forwardingProxy,
    async dial() {
      const use = secure ? 'https' : 'http';
      const reached = await dialler.reach({ destination, use, isForwarded: forwardingProxy !== undefined });
      if (!secure) return withoutTls(reached);
      const connection = await dialler.secure(reached, { destination, servername, alpn: ['http/1.1'] });
      if (connection.unverified === undefined) return connection;
      connection.socket.destroy();
      throw connection.unverified.error;
    },
    edit: (head, bytes) => editHead(bytes, head, editsOf(head, target, forwardingProxy)),
  };
}

function editsOf(head: RequestHead, target: AbsoluteTarget, proxy: UpstreamProxy | undefined): HeadEdits {
  const host = missingHost(head, target);
  const authorization = proxy && authorizationFor(proxy);
  const add: [string, string][] = [];
  if (host !== undefined) add.push(['Host', host]);
  if (authorization !== undefined) add.push(['Proxy-Authorization', authorization]);
  return { target: proxy === undefined ? target.path : absoluteForm(target), remove: OURS, add };
}
