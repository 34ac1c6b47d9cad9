import { valuesOf } from '../exchange/raw-headers.ts';
import type { UpstreamProxy } from '../types.ts';
import { describeUpstreamFailure } from '../upstream/failures.ts';
import { explainDemand } from '../upstream/proxies/explain-status.ts';
import { buildOwnAnswer, type OwnAnswer } from './own-answer.ts';
import type { ResponseHead } from './reader/message-head.ts';
import { unparsedReasons } from './reader/unparsed-reasons.ts';

/** To a request that names nowhere to go to. */
export function refuseUnroutable(message: string): OwnAnswer {
  return buildOwnAnswer(400, { code: 'bad-request', message });
}

/** To a request that readers take differently: the connection leads to several hosts, so that it cannot pass unread. */
export function refuseUnparsed(reason: string): OwnAnswer {
  const status = reason === unparsedReasons.headTooLong ? 431 : 400;
  return buildOwnAnswer(status, { code: 'bad-request', message: `the request cannot be parsed: ${reason}` });
}

/** In place of a 407 of the user's proxy, which is between that and us: the client knows only of us. */
export function replaceDemand(proxy: UpstreamProxy, response: ResponseHead | undefined): OwnAnswer {
  const challenges = valuesOf(response?.headers ?? [], 'proxy-authenticate');
  return buildOwnAnswer(502, describeUpstreamFailure(explainDemand(proxy, challenges)));
}
