import { createServer, type ServerHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OutgoingRequest } from '../../src/proxy/forward/sides.ts';
import { Http2Sessions } from '../../src/proxy/upstream/http2-sessions.ts';
import { sendHttp2 } from '../../src/proxy/upstream/http2.ts';
import { listenOnLoopback, type Listening } from '../helpers/origin/listening.ts';

const server = createServer();
let listening: Listening;

beforeAll(async () => {
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    if (headers[':path'] === '/hints') stream.additionalHeaders({ ':status': 103 });
    stream.respond({ ':status': 200 }, { waitForTrailers: headers[':path'] === '/trailers' });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'x-late': 'yes' }));
    stream.end(headers[':path'] === '/empty' ? undefined : 'body');
  });
  listening = await listenOnLoopback(server);
});
afterAll(() => listening.close());

/** A connection that hands over all that has arrived for a while at once, as a busy process reads it. */
function connectInLumps(port: number): Duplex {
  const socket = connect(port, '127.0.0.1');
  let arrived: Buffer[] = [];
  const timer = setInterval(() => {
    if (arrived.length > 0) lumps.push(Buffer.concat(arrived.splice(0)));
  }, 50);
  const lumps = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    destroy(error, done) {
      clearInterval(timer);
      arrived = [];
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => arrived.push(chunk));
  socket.on('error', () => undefined);
  return lumps;
}

it.each([
  ['/body', ['response 200', 'data body', 'end ']],
  ['/empty', ['response 200', 'end ']],
  ['/hints', ['information 103', 'response 200', 'data body', 'end ']],
  ['/trailers', ['response 200', 'data body', 'end x-late,yes']],
])('%s is told in order, though all of it arrives at once', async (path, expected) => {
  const socket = connectInLumps(listening.port) as Socket;
  const sessions = new Http2Sessions(() => Promise.resolve({ socket, timings: {}, alpn: undefined }));
  const destination = { host: 'origin.test', port: 80 };
  const outgoing: OutgoingRequest = {
    ...{ method: 'GET', path, headers: [], httpVersion: '2', destination },
    ...{ target: { destination, tls: undefined }, hasBody: false, pinnedTo: undefined },
  };
  const told: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const sent = sendHttp2(sessions, outgoing, {
      connected: () => undefined,
      information: (status) => told.push(`information ${status}`),
      response: ({ status }) => told.push(`response ${status}`),
      data: (chunk) => told.push(`data ${chunk.toString()}`),
      drain: () => undefined,
      end: (trailers) => {
        told.push(`end ${trailers.join(',')}`);
        resolve();
      },
      closed: () => undefined,
      stopped: () => undefined,
      switched: () => undefined,
      error: reject,
    });
    sent.catch(reject);
  });
  expect(told).toEqual(expected);
  sessions.destroy();
});
