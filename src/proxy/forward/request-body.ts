import type { ExchangeRecord } from './exchange.ts';
import type { Client, Upstream } from './sides.ts';

interface RequestBodyParts {
  readonly client: Client;
  readonly record: ExchangeRecord;
  readonly upstream: Upstream;
  /** From then on nothing is sent on. */
  readonly isOver: () => boolean;
}

/** Sends the body of a request on as it comes. Tells of its end, and of the client's leaving whether or not it came. */
export function sendBody(parts: RequestBodyParts, tell: { ended: () => void; closed: () => void }): void {
  const { client, record, upstream, isOver } = parts;
  const { body } = client;
  body.on('data', (chunk: Buffer) => {
    if (isOver()) return;
    record.requestBody.update(chunk);
    if (!upstream.write(chunk)) body.pause();
  });
  body.on('end', () => {
    record.requestBody.end();
    if (!isOver()) upstream.end(client.trailers());
    tell.ended();
  });
  body.on('error', () => undefined);
  body.on('close', tell.closed);
}
