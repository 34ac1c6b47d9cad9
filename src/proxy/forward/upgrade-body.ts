import type { Socket } from 'node:net';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import type { OutgoingRequest } from './sides.ts';
import { firstOf } from '../exchange/raw-headers.ts';

/**
 * Node stops reading a request that asks for another protocol at its head: a body, as Docker's clients send it, is the
 * first that comes then. It is small, or the request is forwarded without its wish.
 */
export function takeUpgradeBody({
  outgoing,
  record: { requestBody },
  socket,
  head,
}: {
  readonly outgoing: OutgoingRequest;
  readonly record: Pick<ExchangeRecorder, 'requestBody'>;
  readonly socket: Socket;
  readonly head: Buffer;
}): Promise<{ readonly body: Buffer; readonly rest: Buffer }> {
  const length = Number(firstOf(outgoing.headers, 'content-length') ?? 0);
  const split = (bytes: Buffer) => ({ body: bytes.subarray(0, length), rest: bytes.subarray(length) });
  if (length > 0) requestBody.update(head.subarray(0, length));
  if (head.length >= length) {
    requestBody.end();
    return Promise.resolve(split(head));
  }
  return new Promise((resolve, reject) => {
    let bytes = head;
    const gone = (): void => {
      reject(new Error('the client went away before its request was complete'));
    };
    // It has ended its side before it had said all.
    const end = (): void => {
      socket.destroy();
    };
    const read = (chunk: Buffer): void => {
      requestBody.update(chunk.subarray(0, length - bytes.length));
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < length) return;
      socket.off('data', read);
      socket.off('close', gone);
      socket.off('end', end);
      socket.pause();
      requestBody.end();
      resolve(split(bytes));
    };
    socket.on('data', read);
    socket.on('close', gone);
    socket.on('end', end);
  });
}
