import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Observed } from './observe.ts';

/** What a WebSocket client sent, per connection. */
export interface WebSocketLog {
  readonly messages: { readonly path: string; readonly data: string; readonly binary: boolean }[];
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, observed: Observed) => void;

/**
 * `/ws/echo` sends every message back, `/ws/greet` speaks first, `/ws/close` closes with 4001;
 * `Upgrade: shout` is a protocol of our own that sends every byte back in upper case.
 */
export function acceptUpgrades(log: WebSocketLog): Upgrade {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  server.on('connection', (socket, request: IncomingMessage) => {
    const path = request.url ?? '';
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer, binary) => {
      log.messages.push({ path, data: data.toString(binary ? 'hex' : 'utf8'), binary });
      if (path.startsWith('/ws/echo')) socket.send(data, { binary });
    });
    if (path.startsWith('/ws/greet')) socket.send('hello from the origin');
    if (path.startsWith('/ws/close')) socket.close(4001, 'as you wished');
  });
  return (request, socket, head, observed) => {
    socket.on('error', () => undefined);
    socket.once('close', () => (observed.done = true));
    observed.status = 101;
    if (request.headers.upgrade === 'shout') return shout(socket, head);
    server.handleUpgrade(request, socket, head, (webSocket) => server.emit('connection', webSocket, request));
  };
}

function shout(socket: Duplex, head: Buffer): void {
  const louder = (data: Buffer): string => data.toString('latin1').toUpperCase();
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n');
  if (head.length > 0) socket.write(louder(head));
  socket.on('data', (data: Buffer) => socket.write(louder(data)));
  socket.on('end', () => socket.end());
}
