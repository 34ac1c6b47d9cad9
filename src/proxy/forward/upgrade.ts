import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { ExchangeError } from '../../model/exchange.ts';
import type { UpstreamAgent } from '../upstream/agent.ts';
import { sendUpgrade } from '../upstream/http1-upgrade.ts';
import type { ExchangeRecorder } from '../exchange/exchange-recorder.ts';
import { pump } from './pump.ts';
import { takeUpgradeBody } from './upgrade-body.ts';
import type { Client, OutgoingRequest, Upstream, UpstreamEvents } from './sides.ts';

export interface UpgradeParts {
  readonly agent: UpstreamAgent;
  readonly outgoing: OutgoingRequest;
  readonly client: Client;
  readonly record: ExchangeRecorder;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly explain: (error: unknown) => ExchangeError;
}

/** Forwards a request to switch protocols (WebSocket and others); after a 101 the bytes pass unread and counted. */
export function forwardUpgrade(parts: UpgradeParts): void {
  pump({
    client: parts.client,
    record: parts.record,
    expectsBody: false,
    explain: parts.explain,
    send: async (events) => {
      const { body, rest } = await takeUpgradeBody(parts);
      return startUpgrade({ ...parts, head: rest }, body, events);
    },
  });
}

function startUpgrade(parts: UpgradeParts, body: Buffer, events: UpstreamEvents): Upstream {
  let response: IncomingMessage | undefined;
  const request = sendUpgrade(
    parts.agent,
    { ...parts.outgoing, body },
    {
      connected: events.connected,
      upgraded: (answer, upstream, head) => {
        events.switched();
        switchProtocols(parts, { answer, upstream, head });
      },
      refused: (answer) => {
        response = answer;
        const { statusCode = 0, statusMessage = '', rawHeaders, httpVersion } = answer;
        events.response({ status: statusCode, message: statusMessage, headers: rawHeaders, httpVersion });
        answer.on('data', events.data);
        answer.on('end', () => {
          events.end(answer.rawTrailers);
        });
        answer.on('error', events.error);
      },
      failed: events.error,
    },
  );
  return {
    write: () => true,
    end: () => undefined,
    pause: () => response?.pause(),
    resume: () => response?.resume(),
    abort: () => {
      request.destroy();
    },
    abortWhenSent: () => {
      if (request.writableFinished) request.destroy();
      else request.once('finish', () => request.destroy());
    },
    endSide: () => undefined,
  };
}

function switchProtocols(
  { record, socket, head: clientHead, outgoing }: UpgradeParts,
  { answer, upstream, head }: { answer: IncomingMessage; upstream: Socket; head: Buffer },
): void {
  const { statusCode = 101, statusMessage, rawHeaders, httpVersion } = answer;
  record.responded(
    { status: statusCode, message: statusMessage ?? '', headers: rawHeaders, httpVersion },
    'upstream',
  );
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage ?? STATUS_CODES[statusCode] ?? ''}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index] ?? ''}: ${rawHeaders[index + 1] ?? ''}`);
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const count = { bytesIn: head.length, bytesOut: clientHead.length };
  if (head.length > 0) socket.write(head);
  if (clientHead.length > 0) upstream.write(clientHead);
  upstream.on('data', (chunk: Buffer) => {
    count.bytesIn += chunk.length;
  });
  socket.on('data', (chunk: Buffer) => {
    count.bytesOut += chunk.length;
  });
  joinUpgraded(socket, upstream, () => {
    record.upgraded(nameProtocol(rawHeaders, outgoing), count);
  });
}

/** What one side sends before it closes reaches the other, which may still have something to say. */
function joinUpgraded(socket: Socket, upstream: Socket, ended: () => void): void {
  // TLS knows no half-open connections, and Node's agent makes none; the client's socket is one where it can be.
  if (!('encrypted' in upstream)) upstream.allowHalfOpen = true;
  socket.pipe(upstream);
  upstream.pipe(socket);
  let open = 2;
  for (const [side, other] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    side.on('error', () => undefined);
    side.once('close', () => {
      other.destroySoon();
      open -= 1;
      if (open > 0) return;
      try {
        ended();
      } catch {
        // The journal has failed; its owner knows.
      }
    });
  }
}

function nameProtocol(rawHeaders: readonly string[], outgoing: OutgoingRequest): string {
  for (const headers of [rawHeaders, outgoing.headers]) {
    const index = headers.findIndex(
      (name, position) => position % 2 === 0 && name.toLowerCase() === 'upgrade',
    );
    if (index >= 0) return (headers[index + 1] ?? '').slice(0, 64).toLowerCase();
  }
  return 'unknown';
}
