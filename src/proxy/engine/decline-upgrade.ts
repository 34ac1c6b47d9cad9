import type { IncomingMessage, Server } from 'node:http';

const upgradeHeaders = new Set(['upgrade', 'http2-settings', 'connection']);

/**
 * An offer to go on in HTTP/2 on a plain connection (`Upgrade: h2c`), which RFC 9113 gave up and which a server may leave
 * unanswered. Taken up, it would hide every later request of the connection in a tunnel.
 */
export function isOfferOfHttp2(request: IncomingMessage): boolean {
  return (request.headers.upgrade ?? '').trim().toLowerCase() === 'h2c';
}

/** Reads the request again without its offer: Node has stopped at its head, and its body is still to come. */
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
