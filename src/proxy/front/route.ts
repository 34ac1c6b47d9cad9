import type { DecisionPoint } from '../../model/decision.ts';
import type { Route } from '../../model/route.ts';
import type { Destination } from '../types.ts';
import { LoopError } from '../loop-guard.ts';

interface RouteParts {
  readonly decisions: DecisionPoint;
  readonly dialler: { leadsToUs(destination: Destination): Promise<boolean> };
  readonly isPassedThrough: (host: string) => boolean;
}

/** What becomes of a connection that a client asks for, before it is answered. What it says may change that later. */
export async function routeConnect(
  { decisions, dialler, isPassedThrough }: RouteParts,
  destination: Destination,
): Promise<Route> {
  if (await dialler.leadsToUs(destination)) {
    const { code, message } = new LoopError();
    return { action: 'refuse', status: 508, code, reason: message };
  }
  const { host, port } = destination;
  const decision = decisions.decide({ stage: 'connect', host, port });
  const isOpened = !isPassedThrough(host);
  if (decision === 'need-more') {
    if (isOpened) return { action: 'intercept' };
    return refuse('a rule of the policy needs to read what --passthrough leaves unread');
  }
  if (decision.action === 'deny')
    return { ...refuse(`denied by rule ${decision.rule}: ${decision.reason}`), decision };
  return isOpened ? { action: 'intercept' } : { action: 'tunnel', reason: 'passthrough-option' };
}

function refuse(reason: string): Extract<Route, { action: 'refuse' }> {
  return { action: 'refuse', status: 403, code: 'denied', reason };
}
