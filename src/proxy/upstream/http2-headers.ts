import { endToEnd, toHttp2Headers } from '../forward/headers.ts';
import type { OutgoingRequest } from '../forward/sides.ts';
import { formatAuthority } from '../front/authority.ts';

/** The head of a request as node:http2 wants it. */
export function requestHeaders(outgoing: OutgoingRequest): Record<string, string | string[]> {
  const headers = toHttp2Headers(endToEnd(outgoing.headers));
  const { host, ...rest } = headers;
  const scheme = outgoing.target.tls === undefined ? 'http' : 'https';
  return {
    ':method': outgoing.method,
    ':scheme': scheme,
    ':authority': typeof host === 'string' ? host : formatAuthority(outgoing.destination, scheme),
    ':path': outgoing.path,
    ...rest,
  };
}

/** Node passes the fields as they came, repeated ones apart, behind the documented arguments. */
export function withoutPseudo(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !(raw[index - (index % 2)] ?? '').startsWith(':'));
}
