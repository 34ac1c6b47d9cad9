import type { Decision } from '../../model/decision.ts';
import type { ExchangeError } from '../../model/exchange.ts';

/** Why something may not pass; undefined where it may. What no rule decides at the last stage may not. */
export function denialOf(decision: Decision | 'need-more'): ExchangeError | undefined {
  if (decision === 'need-more') return { code: 'denied', message: 'no rule of the policy decides it' };
  if (decision.action === 'allow') return undefined;
  return { code: 'denied', message: `denied by rule ${decision.rule}: ${decision.reason}` };
}
