import { ALLOWED, type Decision, type DecisionPoint } from '../../model/decision.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { RecordedRequest } from '../exchange/exchanges.ts';

/** A request with what the policy says of it. */
export interface JudgedRequest {
  readonly request: RecordedRequest;
  /** Why it may not go on; undefined where it may. */
  readonly denial: ExchangeError | undefined;
}

/** Asks about a request in a tunnel, whose connection was asked about before. */
export function judgeRequest({ decide }: DecisionPoint, request: RecordedRequest): JudgedRequest {
  const { host, port } = request.destination;
  return judged(request, decide({ stage: 'request', host, port, method: request.method, url: request.url }));
}

/** Asks about a request that names where it goes, and so about its connection too. */
export function judgePlainRequest(decisions: DecisionPoint, request: RecordedRequest): JudgedRequest {
  const { host, port } = request.destination;
  const decision = decisions.decide({ stage: 'connect', host, port });
  // What needs more is decided by the request.
  const isDenied = decision !== 'need-more' && decision.action === 'deny';
  return isDenied ? judged(request, decision) : judgeRequest(decisions, request);
}

/** What no rule decides at the last stage may not pass. */
function judged(request: RecordedRequest, decision: Decision | 'need-more'): JudgedRequest {
  if (decision === 'need-more')
    return { request, denial: { code: 'denied', message: 'no rule of the policy decides it' } };
  if (decision === ALLOWED) return { request, denial: undefined };
  return { request: { ...request, decision }, denial: denialOf(decision) };
}

export function denialOf({ action, rule, reason }: Decision): ExchangeError | undefined {
  return action === 'allow' ? undefined : { code: 'denied', message: `denied by rule ${rule}: ${reason}` };
}
