import { firstOf } from '../exchange/raw-headers.ts';
import type { Http1Exchange } from './http1-exchange.ts';

/** The protocol that a connection has switched to: what the response names, else what was asked for. */
export function nameUpgrade({ request, response }: Http1Exchange): string {
  const name = firstOf(response?.headers ?? [], 'upgrade') ?? firstOf(request.headers, 'upgrade');
  return (name ?? 'unknown').slice(0, 64).toLowerCase();
}
