import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { ClientConnection } from '../connection.ts';
import { formatAuthority, parseAuthority } from '../front/authority.ts';
import type { Destination } from '../types.ts';
import { firstOf, valuesOf } from './headers.ts';
import type { OutgoingRequest } from './sides.ts';

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
      : insideTunnel(request, connection.tunnel);
  if (place === undefined) {
    return { refusal: 'this is a proxy: expected an absolute URL in the request line, or CONNECT host:port' };
  }
  if (place.path.length > MAX_URL_BYTES) return { refusal: `the URL is longer than ${MAX_URL_BYTES} bytes` };
  const isHttp2 = request.httpVersion === '2.0';
  if (/^(?:ntlm|negotiate)\b/i.test(firstOf(headers, 'authorization') ?? '')) connection.pinned = true;
  const tls = { servername: connection.sni, alpn: isHttp2 ? ['h2', 'http/1.1'] : ['http/1.1'] };
  return {
    method: request.method ?? 'GET',
    path: place.path,
    headers,
    httpVersion: isHttp2 ? '2' : request.httpVersion,
    destination: place.destination,
    target: { destination: place.destination, tls: connection.secure ? tls : undefined },
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

function readAbsoluteForm(url: string): { destination: Destination; path: string } | undefined {
  const match = /^http:\/\/(?:[^/?#@]*@)?([^/?#@]+)([^#]*)/i.exec(url);
  const destination = match?.[1] === undefined ? undefined : parseAuthority(match[1], 80);
  if (destination === undefined) return undefined;
  const rest = match?.[2] ?? '';
  return { destination, path: rest.startsWith('/') ? rest : `/${rest}` };
}

function insideTunnel(
  request: IncomingMessage | Http2ServerRequest,
  destination: Destination,
): { destination: Destination; path: string } | undefined {
  const url = request.url ?? '';
  if (url.startsWith('/') || url === '*') return { destination, path: url };
  // A client may use the absolute form inside a tunnel too (RFC 9112 3.2.2); the tunnel says where it goes.
  const match = /^https?:\/\/[^/?#]+([^#]*)/i.exec(url);
  if (match === null) return undefined;
  const rest = match[1] ?? '';
  return { destination, path: rest.startsWith('/') ? rest : `/${rest}` };
}
