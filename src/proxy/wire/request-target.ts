import { isIP } from 'node:net';
import { firstOf } from '../exchange/raw-headers.ts';
import { findDifferingNames } from '../exchange/used-names.ts';
import type { RecordedRequest } from '../exchange/exchanges.ts';
import { formatAuthority, parseAuthority } from '../authority.ts';
import { namesOf, type Tunnel } from '../tunnel.ts';
import type { Destination } from '../types.ts';
import type { RequestHead } from './reader/message-head.ts';

/** A request to a proxy that is not tunnelled, and where it leads. */
export interface AbsoluteTarget {
  readonly destination: Destination;
  /** In origin form, or `*`. */
  readonly path: string;
  readonly secure: boolean;
  readonly servername: string | undefined;
}

/** A request inside of a tunnel: where it goes is the tunnel's to say. */
export function describeTunnelRequest(head: RequestHead, tunnel: Tunnel): RecordedRequest {
  const { destination, secure } = tunnel;
  const { method, target, version, headers, oddities } = head;
  return {
    method,
    url: `${originOf(destination, secure)}${urlPathOf(target)}`,
    httpVersion: version,
    headers,
    destination,
    secure,
    names: findDifferingNames(namesOf(tunnel), absoluteHost(target), headers),
    oddities,
  };
}

export function describePlainRequest(head: RequestHead, target: AbsoluteTarget): RecordedRequest {
  const { destination, secure, path } = target;
  const { method, version, headers, oddities } = head;
  const none = { connect: undefined, sni: undefined };
  return {
    method,
    url: `${originOf(destination, secure)}${path === '*' ? '/*' : path}`,
    httpVersion: version,
    headers,
    destination,
    secure,
    names: findDifferingNames(none, formatAuthority(destination), headers),
    oddities,
  };
}

/**
 * Where a target in absolute form leads (RFC 9112, 3.2.2); undefined for what is none. Some clients (axel) leave TLS to the
 * proxy and ask it for an `https` URL in the clear.
 */
export function resolveAbsoluteTarget({ method, target }: RequestHead): AbsoluteTarget | undefined {
  const match = /^http(s?):\/\/(?:[^/?#@]*@)?([^/?#@]+)(?![^/?#])([^#]*)/i.exec(target);
  const [, s = '', authority = '', rest = ''] = match ?? [];
  const secure = s !== '';
  const destination = parseAuthority(authority, secure ? 443 : 80);
  if (destination === undefined) return undefined;
  const servername = isIP(destination.host) === 0 ? destination.host : undefined;
  // RFC 9112, 3.2.4.
  const path = method === 'OPTIONS' && rest === '' ? '*' : rest.startsWith('/') ? rest : `/${rest}`;
  return { destination, path, secure, servername };
}

/** What a target means to a proxy that gets it in absolute form. */
export function absoluteForm({ destination, path }: AbsoluteTarget): string {
  return `http://${formatAuthority(destination, 'http')}${path === '*' ? '' : path}`;
}

/** The Host field that a request lacks; undefined where it has one. */
export function missingHost(
  { headers }: RequestHead,
  { destination, secure }: AbsoluteTarget,
): string | undefined {
  if (firstOf(headers, 'host') !== undefined) return undefined;
  return formatAuthority(destination, secure ? 'https' : 'http');
}

function originOf(destination: Destination, secure: boolean): string {
  const scheme = secure ? 'https' : 'http';
  return `${scheme}://${formatAuthority(destination, scheme)}`;
}

function urlPathOf(target: string): string {
  const path = originTarget(target);
  return path.startsWith('/') ? path : `/${path}`;
}

/** The origin form of what is asked in a tunnel: a client may use the absolute form there too (RFC 9112, 3.2.2). */
export function originTarget(target: string): string {
  if (target.startsWith('/')) return target;
  const [, rest] = /^https?:\/\/[^/?#]+([^#]*)/i.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Of a target in absolute form; with userinfo and port, as it came. */
function absoluteHost(target: string): string | undefined {
  return target.startsWith('/') ? undefined : /^https?:\/\/([^/?#]+)/i.exec(target)?.[1];
}
