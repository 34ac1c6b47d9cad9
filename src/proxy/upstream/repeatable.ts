import type { OutgoingRequest } from '../forward/sides.ts';

// RFC 9110 9.2.1: repeating these changes nothing.
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND', 'REPORT', 'SEARCH']);

/** Sent twice it does no more than sent once, and there is no body that would have to be kept for it. */
export function isRepeatable(outgoing: OutgoingRequest): boolean {
  return safeMethods.has(outgoing.method) && !outgoing.hasBody;
}

export function isDisconnect(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_UPSTREAM_CUT';
}
