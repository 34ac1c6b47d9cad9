import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { randomBody } from '../random.ts';

/** Misbehaves on a connection whose request head has been read; `transport` is the TCP socket below `socket`. */
export type Responder = (socket: Duplex, transport: Socket) => void | Promise<void>;

const body = randomBody(10_000, 'fault');
const okay = (headers: string): string => `HTTP/1.1 200 OK\r\n${headers}\r\n`;

async function dripBytes(socket: Duplex, text: string, pauseMs: number): Promise<void> {
  for (const byte of Buffer.from(text)) {
    if (socket.destroyed) return;
    socket.write(Buffer.of(byte));
    await sleep(pauseMs);
  }
  socket.end();
}

/** Two thirds of a megabyte of small header fields and one field of a third. */
function megabyteOfHeaders(): string {
  const small = Array.from({ length: 6000 }, (_, index) => `X-Filler-${index}: ${'y'.repeat(100)}\r\n`).join(
    '',
  );
  return `${small}X-Long: ${'z'.repeat(350_000)}\r\n`;
}

/** How an upstream can break an exchange, by name. Each answers one request per connection. */
export const responders = {
  resetMidBody: async (socket, transport) => {
    socket.write(okay('Content-Length: 100000\r\n'));
    socket.write(body);
    await sleep(100);
    transport.resetAndDestroy();
  },
  resetBeforeHead: (_socket, transport) => void transport.resetAndDestroy(),
  closeBeforeHead: (socket) => void socket.end(),
  hang: () => undefined,
  hangMidBody: (socket) =>
    void socket.write(okay('Content-Length: 100000\r\n') + 'the first part, then nothing'),
  hangMidHead: (socket) => void socket.write('HTTP/1.1 200 OK\r\nX-Half: '),
  garbage: (socket) => void socket.end(randomBody(2000, 'garbage')),
  wrongProtocol: (socket) => void socket.end('220 mail.example ESMTP ready\r\n'),
  badStatusLine: (socket) => void socket.end('HTTP/1.1 abc Okay\r\nContent-Length: 0\r\n\r\n'),
  shortBody: (socket) => {
    socket.write(okay('Content-Length: 100000\r\n'));
    socket.end(body);
  },
  longBody: (socket) => void socket.end(Buffer.concat([Buffer.from(okay('Content-Length: 1000\r\n')), body])),
  truncatedChunk: (socket) =>
    void socket.end(okay('Transfer-Encoding: chunked\r\n') + '3e8\r\nonly this much'),
  badChunk: (socket) =>
    void socket.end(okay('Transfer-Encoding: chunked\r\n') + '5\r\nhello\r\nxyz\r\nnope\r\n'),
  twoLengths: (socket) => void socket.end(okay('Content-Length: 5\r\nContent-Length: 7\r\n') + 'fivesix'),
  lengthAndChunked: (socket) =>
    void socket.end(okay('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n') + '5\r\nhello\r\n0\r\n\r\n'),
  controlBytesInHeader: (socket) =>
    void socket.end(okay('X-Evil: a\u0000b\u001b[2J\r\nContent-Length: 2\r\n') + 'ok'),
  megabyteOfHeaders: (socket) => void socket.end(`${okay(`${megabyteOfHeaders()}Content-Length: 2\r\n`)}ok`),
  byteByByte: (socket) => dripBytes(socket, `${okay('Content-Length: 20\r\n')}twenty bytes, slowly`, 5),
} as const satisfies Record<string, Responder>;

export type FaultName = keyof typeof responders;
