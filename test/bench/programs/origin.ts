// Serves /bytes/N over HTTP/1.1 and HTTP/2 as fast as Node can.
import { randomBytes } from 'node:crypto';
import { createSecureServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { programArguments, readTlsFiles, serveUntilStdinCloses } from '../serve-until-stdin-closes.ts';
import type { TlsFiles } from '../serve-until-stdin-closes.ts';

const { key, cert } = readTlsFiles(programArguments<TlsFiles>());
const block = randomBytes(256 * 1024);

function sendBytes(response: Http2ServerResponse, bytes: number): void {
  let left = bytes;
  const send = (): void => {
    while (left > block.length) {
      left -= block.length;
      if (!response.write(block)) return void response.once('drain', send);
    }
    response.end(block.subarray(0, left));
    left = 0;
  };
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
  send();
}

const server = createSecureServer(
  { key, cert, allowHTTP1: true },
  (request: Http2ServerRequest, response) => {
    request.resume();
    sendBytes(response, Number(request.url.split('/')[2]));
  },
);
server
  .on('sessionError', () => undefined)
  .on('clientError', (_error: Error, socket: Socket) => socket.destroy());
serveUntilStdinCloses(server);
