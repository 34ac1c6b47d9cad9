import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** `Upgrade: h2c` is only an offer: most servers answer it as if it were not there. */
export const isOfferOnly = (request: IncomingMessage): boolean => request.headers.upgrade === 'h2c';

/** A response for a request whose upgrade is not taken up. The connection ends with it. */
export function declineUpgrade(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  response.shouldKeepAlive = false;
  response.once('finish', () => socket.end());
  // Node stops reading a request at its head when it asks for an upgrade; an offer has no body.
  request.push(null);
  return response;
}
