import type { Duplex } from 'node:stream';
import type { AfterWritten } from '../../model/events.ts';
import type { ExchangeError } from '../../model/exchange.ts';
import type { ResponseHead } from '../exchange/response-head.ts';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import type { Outlet } from './outlet.ts';
import { formatProxyStatus } from './proxy-status.ts';

/** An answer of proxaudit itself. */
export interface OwnAnswer {
  readonly head: ResponseHead;
  readonly body: Buffer;
  /** Why there is no other. */
  readonly error: ExchangeError;
}

const statusTexts = {
  400: 'Bad Request',
  403: 'Forbidden',
  431: 'Request Header Fields Too Large',
  502: 'Bad Gateway',
  508: 'Loop Detected',
} as const;

export type OwnStatus = keyof typeof statusTexts;

/** The status for what went wrong before an upstream could answer. */
export function statusOf({ code }: ExchangeError): OwnStatus {
  if (code === 'loop-detected') return 508;
  return code === 'denied' ? 403 : 502;
}

/**
 * What of the client is still read, so that a reset does not take the answer from it: many look at an answer when all of
 * their upload is sent.
 */
const DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 5_000;

/**
 * Text that says who is speaking and what was wrong. The connection ends with it.
 * @param cause what the system says of a connection that failed
 */
export function buildOwnAnswer(status: OwnStatus, error: ExchangeError, cause?: unknown): OwnAnswer {
  const proxyStatus = formatProxyStatus(cause);
  const body = Buffer.from(`proxaudit: ${error.code}: ${error.message}\n`);
  return {
    head: {
      status,
      message: statusTexts[status],
      headers: [
        ...['Content-Type', 'text/plain; charset=utf-8'],
        ...['Content-Length', String(body.length)],
        ...(proxyStatus === undefined ? [] : ['Proxy-Status', proxyStatus]),
        ...['Connection', 'close'],
      ],
      httpVersion: '1.1',
    },
    body,
    error,
  };
}

/** Records that an exchange is answered by us. Undefined when that is recorded on return, else a promise. */
export function recordOwnAnswer(
  recorder: ExchangeRecorder,
  { head, body, error }: OwnAnswer,
): Promise<void> | undefined {
  recorder.responded(head, 'proxaudit');
  recorder.responseBody?.update(body);
  return recorder.completed([], { error });
}

/** Records that an exchange is answered by us, and has the answer sent when that is written. */
export function answerAfterRecord(
  recorder: ExchangeRecorder,
  answer: OwnAnswer,
  parts: {
    readonly afterWritten: AfterWritten;
    readonly send: () => void;
    readonly failClosed: () => void;
  },
): void {
  const { afterWritten, send, failClosed } = parts;
  const sendWhenWritten = (): void => {
    afterWritten(send, failClosed);
  };
  try {
    const recorded = recordOwnAnswer(recorder, answer);
    if (recorded === undefined) sendWhenWritten();
    else recorded.then(sendWhenWritten).catch(failClosed);
  } catch {
    failClosed();
  }
}

export function encodeOwnAnswer({ head, body }: OwnAnswer, method: string): Buffer {
  const lines = [`HTTP/1.1 ${head.status} ${head.message}`];
  for (let index = 0; index + 1 < head.headers.length; index += 2)
    lines.push(`${head.headers[index] ?? ''}: ${head.headers[index + 1] ?? ''}`);
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return method === 'HEAD' ? bytes : Buffer.concat([bytes, body]);
}

/** Sends it as the last thing that is said on a connection, of which nobody reads any more. */
export function sendOwnAnswer(client: Outlet, answer: OwnAnswer, method: string): void {
  client.write(encodeOwnAnswer(answer, method));
  client.end();
  drain(client.stream);
}

/** Reads what still comes, for a while, and closes. A client that has ended is closed by the end of our own side. */
export function drain(stream: Duplex): void {
  let left = DRAIN_BYTES;
  const close = (): void => {
    clearTimeout(timer);
    stream.destroy();
  };
  const timer = setTimeout(close, DRAIN_MS).unref();
  stream.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) close();
  });
  stream.once('close', () => {
    clearTimeout(timer);
  });
  stream.resume();
}
