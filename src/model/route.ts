import type { Decision } from './decision.ts';

/** Why a tunnel passes unread. */
export type TunnelReason =
  | 'passthrough-option'
  | 'ca-refused'
  | 'client-certificate-wanted'
  | 'not-http'
  | 'not-http-in-tls'
  | 'server-first';

/** What becomes of a connection. It is computed before anything is answered. */
export type Route =
  | { readonly action: 'intercept' }
  | { readonly action: 'tunnel'; readonly reason: TunnelReason }
  | {
      readonly action: 'refuse';
      readonly status: 403 | 508;
      readonly code: string;
      readonly reason: string;
      /** Of the policy, where that is why. */
      readonly decision?: Decision;
    };
