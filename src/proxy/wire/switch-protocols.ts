import { firstOf } from '../exchange/raw-headers.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Http1Exchange } from './http1-exchange.ts';
import { relay } from './relay.ts';

/** After a 101: what follows on both sides passes unread, and is counted in the exchange. */
export function switchProtocols(exchange: Http1Exchange, client: Endpoint, upstream: Endpoint): void {
  const protocol = nameProtocol(exchange);
  const bytes = relay(client, upstream, () => {
    try {
      exchange.recorder.upgraded(protocol, bytes);
    } catch {
      // Whoever fails to write to the journal first reports that.
    }
  });
}

/** What the response names, else what was asked for. */
function nameProtocol({ request, response }: Http1Exchange): string {
  const name = firstOf(response?.headers ?? [], 'upgrade') ?? firstOf(request.headers, 'upgrade');
  return (name ?? 'unknown').slice(0, 64).toLowerCase();
}
