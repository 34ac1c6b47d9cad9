import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { OutgoingRequest } from '../forward/sides.ts';
import { takeDialTimings, type UpstreamAgent } from './agent.ts';
import type { DialTimings } from './connect-tcp.ts';
import { buildOptions } from './http1-options.ts';
import { firstOf } from '../exchange/raw-headers.ts';

/** Asks the upstream to switch protocols. Exactly one of the callbacks is called. */
export function sendUpgrade(
  agent: UpstreamAgent,
  outgoing: OutgoingRequest & { readonly body: Buffer },
  callbacks: {
    connected: (timings: DialTimings | undefined, address: string | undefined) => void;
    upgraded: (response: IncomingMessage, socket: Socket, head: Buffer) => void;
    refused: (response: IncomingMessage) => void;
    failed: (error: Error) => void;
  },
): ClientRequest {
  const options = buildOptions(agent, outgoing, true);
  const upgrade = firstOf(outgoing.headers, 'upgrade') ?? '';
  options.headers = [...(options.headers as string[]), 'Connection', 'Upgrade', 'Upgrade', upgrade];
  const request = httpRequest(options);
  request.once('socket', (socket) => {
    callbacks.connected(takeDialTimings(socket), socket.remoteAddress);
  });
  request.once('upgrade', callbacks.upgraded);
  request.once('response', callbacks.refused);
  request.once('error', callbacks.failed);
  request.end(outgoing.body.length > 0 ? outgoing.body : undefined);
  return request;
}
