import type { ExchangeError } from '../../model/exchange.ts';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import type { Client } from './sides.ts';
import type { ResponseHead } from '../exchange/response-head.ts';

export interface OwnResponse {
  readonly head: ResponseHead;
  readonly body: Buffer;
}

const statusTexts = { 400: 'Bad Request', 502: 'Bad Gateway', 508: 'Loop Detected' } as const;

/** An answer of proxaudit itself, as text that says who is speaking and what was wrong. */
export function buildOwnResponse(status: keyof typeof statusTexts, reason: string): OwnResponse {
  const body = Buffer.from(`proxaudit: ${reason}\n`);
  return {
    head: {
      status,
      message: statusTexts[status],
      headers: ['Content-Type', 'text/plain; charset=utf-8', 'Content-Length', String(body.length)],
      httpVersion: '1.1',
    },
    body,
  };
}

export function deliver(client: Client, { head, body }: OwnResponse): void {
  client.body.resume();
  client.respond(head);
  client.write(body);
  client.end([]);
}

/** A 502 that says what went wrong upstream, or a 508 where we would be that; stated before it is sent. */
export function answerFailure(client: Client, record: ExchangeRecorder, failure: ExchangeError): void {
  const status = failure.code === 'loop-detected' ? 508 : 502;
  const own = buildOwnResponse(status, `${failure.code}: ${failure.message}`);
  record.responded(own.head, 'proxaudit');
  record.responseBody?.update(own.body);
  record
    .completed([], failure)
    .then(() => {
      deliver(client, own);
    })
    .catch(() => {
      client.reset();
    });
}
