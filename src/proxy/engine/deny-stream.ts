import type { ServerHttp2Stream } from 'node:http2';
import type { AfterWritten } from '../../model/events.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import { answerAfterRecord, buildOwnAnswer } from '../wire/own-answer.ts';

interface Denied {
  readonly client: ServerHttp2Stream;
  readonly recorder: ExchangeRecorder;
  readonly denial: ExchangeError;
  readonly isHead: boolean;
}

/** Answers one stream by ourselves; the others of its session know nothing of it. */
export function denyStream(
  { client, recorder, denial, isHead }: Denied,
  parts: { readonly afterWritten: AfterWritten; readonly failClosed: () => void },
): void {
  const answer = buildOwnAnswer(403, denial);
  const send = (): void => {
    if (client.destroyed || client.closed) return;
    const length = String(answer.body.length);
    client.respond(
      { ':status': 403, 'content-type': 'text/plain; charset=utf-8', 'content-length': length },
      { endStream: isHead },
    );
    if (!isHead) client.end(answer.body);
  };
  client.on('error', () => undefined);
  // What it sends is not wanted, and must not hold up the session.
  client.resume();
  recorder.requestBody.end();
  answerAfterRecord(recorder, answer, { ...parts, send });
}
