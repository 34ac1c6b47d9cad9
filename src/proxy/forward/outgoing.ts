import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { isIP } from 'node:net';
import type { ClientConnection } from '../connection.ts';
import { formatAuthority, parseAuthority } from '../front/authority.ts';
import type { Destination } from '../types.ts';
import type { OutgoingRequest } from './sides.ts';
import { findDifferingNames } from '../exchange/used-names.ts';
import { firstOf, valuesOf } from '../exchange/raw-headers.ts';

const MAX_URL_BYTES = 64 * 1024;

/** What a client's request asks to be sent where; `refusal` when that cannot be told. */
export function readRequest(
  request: IncomingMessage | Http2ServerRequest,
  connection: ClientConnection,
): OutgoingRequest | { readonly refusal: string } {
  const headers = request.rawHeaders;
  const place =
    connection.tunnel === undefined
      ? readAbsoluteForm(request.url ?? '')
      : insideTunnel(request, connection, connection.tunnel);
  if (place === undefined) {
    return { refusal: 'this is a proxy: expected an absolute URL in the request line, or CONNECT host:port' };
  }
  if (place.path.length > MAX_URL_BYTES) return { refusal: `the URL is longer than ${MAX_URL_BYTES} bytes` };
  const isHttp2 = request.httpVersion === '2.0';
  if (/^(?:ntlm|negotiate)\b/i.test(firstOf(headers, 'authorization') ?? '')) connection.pinned = true;
  const tls = { servername: place.servername, alpn: isHttp2 ? ['h2', 'http/1.1'] : ['http/1.1'] };
  return {
    method: request.method ?? 'GET',
    path: place.path,
    headers,
    httpVersion: isHttp2 ? '2' : request.httpVersion,
    destination: place.destination,
    names: namesOf(request, connection, place.destination),
    target: { destination: place.destination, tls: place.secure ? tls : undefined },
    hasBody: hasBody(request),
    pinnedTo: connection.pinned ? connection.id : undefined,
  };
}

function hasBody(request: IncomingMessage | Http2ServerRequest): boolean {
  if ('stream' in request) return !request.stream.endAfterHeaders;
  const length = firstOf(request.rawHeaders, 'content-length');
  return (
    (length !== undefined && length !== '0') || valuesOf(request.rawHeaders, 'transfer-encoding').length > 0
  );
}

/** The URL of what is dialled, which is what the report may claim: a Host header could name anything. */
export function urlOf({ target, destination, path }: OutgoingRequest): string {
  const scheme = target.tls === undefined ? 'http' : 'https';
  return `${scheme}://${formatAuthority(destination, scheme)}${path === '*' ? '/*' : path}`;
}

interface Place {
  readonly destination: Destination;
  readonly path: string;
  readonly secure: boolean;
  readonly servername: string | undefined;
}

/** Some clients (axel) leave TLS to the proxy and ask it for an `https` URL in the clear. */
function readAbsoluteForm(url: string): Place | undefined {
  const match = /^http(s?):\/\/(?:[^/?#@]*@)?([^/?#@]+)(?![^/?#])([^#]*)/i.exec(url);
  const [, s = '', authority = '', rest = ''] = match ?? [];
  const secure = s !== '';
  const destination = parseAuthority(authority, secure ? 443 : 80);
  if (destination === undefined) return undefined;
  const servername = isIP(destination.host) === 0 ? destination.host : undefined;
  return { destination, path: rest.startsWith('/') ? rest : `/${rest}`, secure, servername };
}

function namesOf(
  { url = '', rawHeaders }: IncomingMessage | Http2ServerRequest,
  { tunnel, claimedName }: ClientConnection,
  destination: Destination,
): OutgoingRequest['names'] {
  const target = tunnel === undefined ? formatAuthority(destination) : absoluteHost(url);
  return findDifferingNames({ connect: tunnel?.host, sni: claimedName }, target, rawHeaders);
}

/** Of a target in absolute form; with userinfo and port, as it came. */
function absoluteHost(url: string): string | undefined {
  return url.startsWith('/') ? undefined : /^https?:\/\/([^/?#]+)/i.exec(url)?.[1];
}

function insideTunnel(
  request: IncomingMessage | Http2ServerRequest,
  { secure, sni: servername }: ClientConnection,
  destination: Destination,
): Place | undefined {
  const url = request.url ?? '';
  if (url.startsWith('/') || url === '*') return { destination, path: url, secure, servername };
  // A client may use the absolute form inside a tunnel too (RFC 9112 3.2.2); the tunnel says where it goes.
  const match = /^https?:\/\/[^/?#]+([^#]*)/i.exec(url);
  if (match === null) return undefined;
  const rest = match[1] ?? '';
  return { destination, path: rest.startsWith('/') ? rest : `/${rest}`, secure, servername };
}
