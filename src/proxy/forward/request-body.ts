import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import type { Client, Upstream } from './sides.ts';

/**
 * Read ahead of an upstream that takes nothing more, once its answer is whole: a client that closed is only heard behind
 * all that it has sent, and that is at most what the kernel's buffers of both ends hold.
 */
const READ_AHEAD_BYTES = 16 * 1024 * 1024;

interface RequestBodyParts {
  readonly client: Client;
  readonly record: ExchangeRecorder;
  readonly upstream: Upstream;
  /** From then on nothing is sent on. */
  readonly isOver: () => boolean;
  /** The response is whole. */
  readonly isAnswered: () => boolean;
}

/** Sends the body of a request on as it comes. Tells of its end, and of the client's leaving whether or not it came. */
export function sendBody(parts: RequestBodyParts, tell: { ended: () => void; closed: () => void }): void {
  const { client, record, upstream, isOver, isAnswered } = parts;
  const { body } = client;
  let ahead = 0;
  body.on('data', (chunk: Buffer) => {
    if (isOver()) return;
    record.requestBody.update(chunk);
    if (upstream.write(chunk)) return;
    if (isAnswered()) ahead += chunk.length;
    if (!isAnswered() || ahead > READ_AHEAD_BYTES) body.pause();
  });
  body.on('end', () => {
    if (isOver() || !client.isBodyWhole()) return;
    record.requestBody.end();
    upstream.end(client.trailers());
    tell.ended();
  });
  body.on('error', () => undefined);
  client.onClose(tell.closed);
}
