// The least that a tunnel can be: CONNECT, then two pipes.
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { serveUntilStdinCloses } from '../serve-until-stdin-closes.ts';

const front = createServer();
front.on('connect', (request, socket: Socket) => {
  const { hostname, port } = new URL(`http://${request.url ?? ''}`);
  const upstream = connect(Number(port), hostname, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('error', () => upstream.destroy());
});
serveUntilStdinCloses(front);
