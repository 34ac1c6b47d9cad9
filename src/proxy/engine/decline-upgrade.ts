import type { IncomingMessage, Server } from 'node:http';

const upgradeHeaders = new Set(['upgrade', 'http2-settings', 'connection']);

/** A larger body is not kept back for an upgrade. */
const MAX_BODY = 1024 * 1024;

/**
 * Which wishes for another protocol are not passed on, as a server may leave them unanswered. One is to go on in HTTP/2 on a
 * plain connection (`h2c`), which RFC 9113 gave up: taken up, it would hide every later request of the connection in a
 * tunnel. The others are those of requests whose body would have to be kept.
 */
export function mustDeclineUpgrade({ headers }: IncomingMessage): boolean {
  const isHttp2 = (headers.upgrade ?? '').trim().toLowerCase() === 'h2c';
  const length = Number(headers['content-length'] ?? 0);
  return isHttp2 || headers['transfer-encoding'] !== undefined || !(length <= MAX_BODY);
}

/** Reads the request again without its wish: Node has stopped at its head, and its body is still to come. */
export function rereadWithoutUpgrade(request: IncomingMessage, rest: Buffer, server: Server): void {
  const { rawHeaders, socket, method, url, httpVersion } = request;
  const lines = [`${method ?? 'GET'} ${url ?? '/'} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!upgradeHeaders.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1] ?? ''}`);
  }
  // Node has answered none of it, so that what the client said of its connection otherwise can only be to close it.
  if (/\bclose\b/i.test(request.headers.connection ?? '')) lines.push('Connection: close');
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  socket.unshift(Buffer.concat([head, rest]));
  server.emit('connection', socket);
}
