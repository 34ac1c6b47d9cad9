// The least that an intercepting proxy in Node can be: one certificate, node:https, pipes, no digests, no journal.
import { createServer } from 'node:http';
import { Agent, createServer as createTlsServer, request as requestUpstream } from 'node:https';
import type { Socket } from 'node:net';
import { programArguments, readTlsFiles, serveUntilStdinCloses } from '../serve-until-stdin-closes.ts';
import type { TlsFiles } from '../serve-until-stdin-closes.ts';

const { key, cert, ca } = readTlsFiles(programArguments<TlsFiles>());
const agent = new Agent({ keepAlive: true, ca });

const inside = createTlsServer({ key, cert }, (request, response) => {
  const { hostname, port } = new URL(`https://${request.headers.host ?? ''}`);
  const { method, url: path, headers } = request;
  const upstream = requestUpstream({ hostname, port, method, path, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
});
inside.keepAliveTimeout = 120_000;

const front = createServer();
front.on('connect', (_request, socket: Socket) => {
  socket.on('error', () => undefined);
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  inside.emit('connection', socket);
});
serveUntilStdinCloses(front);
