import type { OutgoingRequest, Upstream, UpstreamEvents } from '../../forward/sides.ts';
import type { UpstreamAgent } from '../agent.ts';
import { sendHttp1 } from '../http1.ts';
import { explainDemand } from './explain-status.ts';
import type { UpstreamProxy } from '../../types.ts';
import { valuesOf } from '../../exchange/raw-headers.ts';

type ForwardedRequest = OutgoingRequest & { readonly forwardedTo: UpstreamProxy };

/**
 * Gives a plain request to an HTTP proxy, in absolute form. A 407 is between the proxy and us: the client, which knows
 * only of us, gets an error instead.
 */
export function sendByProxy(
  agent: UpstreamAgent,
  request: ForwardedRequest,
  events: UpstreamEvents,
): Upstream {
  let isRefused = false;
  const unlessRefused =
    <A extends readonly unknown[]>(tell: (...args: A) => void) =>
    (...args: A): void => {
      if (!isRefused) tell(...args);
    };
  const upstream = sendHttp1(agent, request, {
    ...events,
    response: (head) => {
      if (head.status !== 407) {
        events.response(head);
        return;
      }
      isRefused = true;
      upstream.abort();
      events.error(explainDemand(request.forwardedTo, valuesOf(head.headers, 'proxy-authenticate')));
    },
    data: unlessRefused(events.data),
    end: unlessRefused(events.end),
    error: unlessRefused(events.error),
  });
  return upstream;
}
