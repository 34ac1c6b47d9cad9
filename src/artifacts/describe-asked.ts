import type { ObservedRequest } from '../model/observer.ts';
import type { Way } from './follow-way.ts';
import { headerReader } from './header-reader.ts';
import type { Knowledge } from './knowledge.ts';
import type { Asked } from './recogniser.ts';
import { viewUrl, type UrlView } from './url-view.ts';

export interface Answer {
  readonly request: ObservedRequest;
  readonly actualUrl: UrlView;
  readonly status: number;
  readonly header: Asked['header'];
}

/** An answered request as recognisers see it, by one of the ways that may have led to it. */
export function describeAsked(
  { request, actualUrl, status, header }: Answer,
  { urls }: Way,
  knowledge: Knowledge,
): Asked {
  const [first = actualUrl.href] = urls;
  return {
    method: request.method,
    url: (first === actualUrl.href ? undefined : viewUrl(first)) ?? actualUrl,
    actualUrl,
    status,
    requestHeader: headerReader(request.headers),
    header,
    learned: knowledge.ofAny(urls),
  };
}
