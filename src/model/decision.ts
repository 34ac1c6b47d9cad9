import type { z } from 'zod';
import type { decisionSchema } from './exchange.ts';

export type Decision = z.infer<typeof decisionSchema>;

/** What is asked of the egress policy, and when. Members are added as stages learn more; nothing is left out later. */
export type DecisionQuestion =
  /** A client asked for a connection to a host, by CONNECT, SOCKS or the target of a request. */
  | { readonly stage: 'connect'; readonly host: string; readonly port: number }
  /** A name was resolved, and one of its addresses is about to be dialled. */
  | {
      readonly stage: 'dns';
      readonly host: string;
      readonly port: number;
      readonly addresses: readonly string[];
    }
  /** A ClientHello was read; `sni` is undefined where it names no server. */
  | { readonly stage: 'tls'; readonly host: string; readonly port: number; readonly sni: string | undefined }
  /** A request head was read. `url` is as it came, secrets included: for this process's memory only. */
  | {
      readonly stage: 'request';
      readonly host: string;
      readonly port: number;
      readonly method: string;
      readonly url: string;
    };

/**
 * The one place that says what may pass. `need-more` is an answer to `connect` and `tls` alone: a later stage decides, and
 * what will not be opened is then denied. Must not throw, nor wait.
 */
export interface DecisionPoint {
  readonly decide: (question: DecisionQuestion) => Decision | 'need-more';
}

/** Without a policy everything passes. */
export const allowEverything: DecisionPoint = {
  decide: () => ALLOWED,
};

export const ALLOWED: Decision = { action: 'allow', rule: 'default', reason: 'no policy is in force' };

/** What was to be done is denied by the policy. */
export class DeniedError extends Error {
  readonly code = 'denied';
  readonly decision: Decision;

  constructor(decision: Decision) {
    super(`denied by rule ${decision.rule}: ${decision.reason}`);
    this.decision = decision;
  }
}
