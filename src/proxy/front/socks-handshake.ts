import type { ClientConnection } from '../connection.ts';
import type { Destination } from '../types.ts';
import type { FrontParts } from './front-parts.ts';
import { readUntil } from './peek.ts';
import { parseGreeting, parseRequest, socksReply } from './socks5.ts';

/** Answers what a SOCKS5 client says until it has named its destination. Undefined: it was refused. */
export async function shakeSocksHands(
  connection: ClientConnection,
  { log, refused, leadsToUs, recordLoop }: Pick<FrontParts, 'log' | 'refused' | 'leadsToUs' | 'recordLoop'>,
  timeoutMs: number,
): Promise<Destination | undefined> {
  const { id, socket, knownProcess: process } = connection;
  const greeting = await readUntil(socket, parseGreeting, timeoutMs);
  if (greeting.state !== 'complete' || !greeting.acceptsNoAuthentication) {
    log.warn('refused a SOCKS greeting', { connection: id });
    if (greeting.state !== 'closed')
      refused.add({ subject: 'expected a SOCKS5 greeting that needs no authentication', process });
    socket.end(socksReply.noAcceptableMethod);
    return undefined;
  }
  socket.write(socksReply.chooseNoAuthentication);
  const request = await readUntil(socket, parseRequest, timeoutMs);
  if (request.state !== 'complete') {
    log.warn('refused a SOCKS request', { connection: id });
    if (request.state !== 'closed')
      refused.add({ subject: 'expected a SOCKS5 request to CONNECT to a host and a port', process });
    socket.end(request.state === 'invalid' ? request.reply : socksReply.addressNotSupported);
    return undefined;
  }
  if (await leadsToUs(request.destination)) {
    log.warn('refused a SOCKS request for the proxy itself', { connection: id });
    await recordLoop(connection, 'socks5', request.destination);
    socket.end(socksReply.notAllowed);
    return undefined;
  }
  socket.write(socksReply.succeeded);
  return request.destination;
}
