import type { IncomingMessage } from 'node:http';

/** What the mirror answers, byte for byte: no server library has a say in it. */
export interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | string;
  /** How the body ends; default `length`. */
  readonly framing?: 'length' | 'chunked' | 'until-close';
  /** Sent in place of the true length. */
  readonly length?: number;
  /** Interim responses, before the head. */
  readonly interim?: string;
}

/** A request, and how many came for the same path before it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
  readonly before: number;
}

export type Answer = Reply | ((asked: Asked) => Reply | Promise<Reply>);

/** By path below the mirror, with its query; what is not there is 404. */
export type Answers = ReadonlyMap<string, Answer>;

/** Writes a reply and ends the connection with it, so that nothing of one exchange is left for the next. */
export function writeReply({ socket, method }: IncomingMessage, reply: Reply): void {
  const { status = 200, headers = [], framing = 'length', interim = '' } = reply;
  const body = Buffer.from(reply.body);
  const framed = {
    length: `Content-Length: ${reply.length ?? body.length}\r\n`,
    chunked: 'Transfer-Encoding: chunked\r\n',
    'until-close': '',
  };
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = status === 304 ? '' : framed[framing];
  socket.write(`${interim}HTTP/1.1 ${status} Answer\r\nConnection: close\r\n${length}${lines}\r\n`, 'latin1');
  if (method !== 'HEAD' && status !== 304) socket.write(framing === 'chunked' ? inChunks(body) : body);
  socket.end();
}

/** Two chunks, so that a reader must join them. */
function inChunks(body: Buffer): Buffer {
  const middle = Math.floor(body.length / 2);
  const chunks = [body.subarray(0, middle), body.subarray(middle)].filter((chunk) => chunk.length > 0);
  const framed = chunks.flatMap((chunk) => [
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]);
}

export const typed = (type: string, body: Buffer | string): Reply => ({
  headers: [['Content-Type', type]],
  body,
});
export const bytes = (body: Buffer): Reply => typed('application/octet-stream', body);
export const jsonOf = (value: unknown): Reply => typed('application/json', JSON.stringify(value));
export const redirect = (to: string, status = 302): Reply => ({
  status,
  headers: [['Location', to]],
  body: '',
});
