import { endToEnd, toHttp2Headers } from '../forward/headers.ts';
import type { OutgoingRequest } from '../forward/sides.ts';
import { formatAuthority } from '../front/authority.ts';
import { firstOf } from '../exchange/raw-headers.ts';

/** The head of a request as node:http2 wants it. */
export function requestHeaders(outgoing: OutgoingRequest): Record<string, string | string[]> {
  const headers = toHttp2Headers(endToEnd(outgoing.headers));
  const { host, ...rest } = headers;
  const scheme = outgoing.target.tls === undefined ? 'http' : 'https';
  const asked = firstOf(outgoing.headers, ':authority');
  const named = typeof host === 'string' ? host : formatAuthority(outgoing.destination, scheme);
  return {
    ':method': outgoing.method,
    ':scheme': scheme,
    ':authority': asked ?? named,
    ':path': outgoing.path,
    // Beside `:authority` it is the client's own (RFC 9113, 8.3.1), whatever it says.
    ...(asked === undefined || host === undefined ? {} : { host }),
    ...rest,
  };
}

/** Node passes the fields as they came, repeated ones apart, behind the documented arguments. */
export function withoutPseudo(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !(raw[index - (index % 2)] ?? '').startsWith(':'));
}
