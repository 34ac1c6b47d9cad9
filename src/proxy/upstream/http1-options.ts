import { endToEnd } from '../forward/headers.ts';
import type { OutgoingRequest } from '../forward/sides.ts';
import { formatAuthority } from '../front/authority.ts';
import { authorizationFor } from './proxies/authorization.ts';
import { poolKeyOf, type AgentRequest, type UpstreamAgent } from './agent.ts';
import { firstOf } from '../exchange/raw-headers.ts';

/** A response head larger than this is refused as `upstream-headers-too-large`. */
const MAX_HEADER_BYTES = 256 * 1024;

/** What node:http needs to send a request by `agent`. An unsafe one goes on no connection that was idle for long. */
export function buildOptions(
  agent: UpstreamAgent,
  outgoing: OutgoingRequest,
  isUnsafe: boolean,
): AgentRequest {
  const { target, pinnedTo, forwardedTo } = outgoing;
  return {
    agent,
    method: outgoing.method,
    path: forwardedTo === undefined ? outgoing.path : absoluteForm(outgoing),
    headers: requestHeaders(outgoing),
    host: outgoing.destination.host,
    maxHeaderSize: MAX_HEADER_BYTES,
    target: forwardedTo === undefined ? target : { ...target, isForwarded: true },
    poolKey: poolKeyOf(target, pinnedTo, forwardedTo),
    // Node would work one out from the Host header for each request; `target` has the one that is used.
    servername: '',
    isUnsafe,
  };
}

/** RFC 9112, 3.2.2; `*` has no path there (3.2.4). */
function absoluteForm({ destination, path }: OutgoingRequest): string {
  return `http://${formatAuthority(destination, 'http')}${path === '*' ? '' : path}`;
}

function requestHeaders(outgoing: OutgoingRequest): string[] {
  const headers = endToEnd(outgoing.headers);
  if (firstOf(headers, 'host') === undefined) {
    const scheme = outgoing.target.tls === undefined ? 'http' : 'https';
    const asked = firstOf(outgoing.headers, ':authority');
    headers.unshift('Host', asked ?? formatAuthority(outgoing.destination, scheme));
  }
  const authorization = outgoing.forwardedTo && authorizationFor(outgoing.forwardedTo);
  if (authorization !== undefined) headers.push('Proxy-Authorization', authorization);
  const hasLength = firstOf(headers, 'content-length') !== undefined;
  if (outgoing.hasBody && !hasLength) headers.push('Transfer-Encoding', 'chunked');
  // node:http would announce a chunked body for these methods otherwise.
  if (!outgoing.hasBody && !hasLength && /^(?:POST|PUT|PATCH)$/.test(outgoing.method))
    headers.push('Content-Length', '0');
  return headers;
}
