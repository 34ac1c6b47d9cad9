import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import { firstOf, valuesOf, type RawHeaders } from '../exchange/raw-headers.ts';
import type { OwnAnswer } from './own-answer.ts';
import type { RequestHead, ResponseHead } from './reader/message-head.ts';

/** One request that was read, until its response has ended and its own body too. */
export class Http1Exchange {
  readonly request: RequestHead;
  readonly recorder: ExchangeRecorder;
  /** The final one. */
  response: ResponseHead | undefined;
  isRequestOver = false;
  /** What follows it may be another protocol: that depends on the response. */
  readonly asksToSwitch: boolean;
  /** We answer it, and nothing of it goes on. */
  ownAnswer: OwnAnswer | undefined;

  constructor(request: RequestHead, recorder: ExchangeRecorder) {
    this.request = request;
    this.asksToSwitch = request.method === 'CONNECT' || asksToUpgrade(request);
    this.recorder = recorder;
  }

  get method(): string {
    return this.request.method;
  }

  /** Its response is the last on its connection: one of the two sides has said so (RFC 9112, 9.3), or nothing else ends it. */
  get endsConnection(): boolean {
    const { request, response } = this;
    if (response === undefined || !isPersistent(request) || !isPersistent(response)) return true;
    return response.framing.kind === 'until-close';
  }

  /** To be called once, when no more of the request comes. */
  endRequest(): void {
    if (this.isRequestOver) return;
    this.isRequestOver = true;
    this.recorder.requestBodyOver();
  }
}

/** RFC 9110, 7.8. */
export function asksToUpgrade({ headers }: RequestHead): boolean {
  return firstOf(headers, 'upgrade') !== undefined && hasOption(headers, 'upgrade');
}

function isPersistent({ version, headers }: { version: string; headers: RawHeaders }): boolean {
  return version === '1.0' ? hasOption(headers, 'keep-alive') : !hasOption(headers, 'close');
}

function hasOption(headers: RawHeaders, option: string): boolean {
  return valuesOf(headers, 'connection').some((value) =>
    value
      .toLowerCase()
      .split(',')
      .some((one) => one.trim() === option),
  );
}
