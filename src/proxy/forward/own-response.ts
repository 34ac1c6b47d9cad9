import type { ExchangeError } from '../../model/exchange.ts';
import type { ExchangeRecord } from './exchange.ts';
import type { Client, ResponseHead } from './sides.ts';

export interface OwnResponse {
  readonly head: ResponseHead;
  readonly body: Buffer;
}

/** An answer of proxaudit itself, as text that says who is speaking and what was wrong. */
export function buildOwnResponse(status: 400 | 502, reason: string): OwnResponse {
  const body = Buffer.from(`proxaudit: ${reason}\n`);
  return {
    head: {
      status,
      message: status === 400 ? 'Bad Request' : 'Bad Gateway',
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

/** A 502 that says what went wrong upstream; stated before it is sent. */
export function answerFailure(client: Client, record: ExchangeRecord, failure: ExchangeError): void {
  const own = buildOwnResponse(502, `${failure.code}: ${failure.message}`);
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
