import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ExchangeError } from '../../model/exchange.ts';
import { buildOwnAnswer, type OwnAnswer, type OwnStatus } from '../wire/own-answer.ts';
import { withoutDate } from './stream-headers.ts';
import { closeStream } from './stream-reset.ts';

/** As for HTTP/1.1, without what is about its connection (RFC 9113, 8.2.2). */
export function buildOwnResponse(status: OwnStatus, error: ExchangeError): OwnAnswer {
  const { head, body } = buildOwnAnswer(status, error);
  const headers = ['content-type', 'text/plain; charset=utf-8', 'content-length', String(body.length)];
  return { head: { ...head, headers, httpVersion: '2' }, body, error };
}

/** Answers one stream, of which nothing goes on; the others of its session do. */
export function sendOwnResponse(client: ServerHttp2Stream, { head, body }: OwnAnswer, method: string): void {
  if (client.destroyed || client.closed) return;
  const [, type = '', , length = ''] = head.headers;
  client.respond({ ':status': head.status, 'content-type': type, 'content-length': length }, withoutDate);
  client.resume();
  // RFC 9113, 8.1: the client need not send the rest of its request.
  client.once('finish', () => {
    closeStream(client, constants.NGHTTP2_NO_ERROR);
  });
  client.end(method === 'HEAD' ? undefined : body);
}
