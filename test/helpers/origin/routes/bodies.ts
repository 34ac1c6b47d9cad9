import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomBody, randomChunks } from '../random.ts';
import { numberAt } from './route.ts';
import type { RouteRequest, Routes } from './route.ts';

const bytesAndSeed = ({ args }: RouteRequest): [number, string] => [
  numberAt(args, 0, 1000),
  args[1] ?? 'seed',
];

/** /random/BYTES/SEED: a body held in memory, with its length declared. */
function sendRandom(served: RouteRequest): void {
  const body = randomBody(...bytesAndSeed(served));
  served.response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': body.length,
  });
  served.response.end(body);
}

async function streamBody(served: RouteRequest, headers: Record<string, string>): Promise<void> {
  const { response } = served;
  response.writeHead(200, { 'content-type': 'application/octet-stream', ...headers });
  await pipeline(Readable.from(randomChunks(...bytesAndSeed(served))), response).catch(() =>
    response.destroy(),
  );
}

/** /close-delimited/BYTES/SEED: HTTP/1.0 style, the end of the connection is the end of the body. */
function sendCloseDelimited(served: RouteRequest): Promise<void> | void {
  const { request } = served;
  if (served.observed.httpVersion === '2') return sendRandom(served);
  const body = randomBody(...bytesAndSeed(served));
  served.observed.status = 200;
  served.sent.add(body);
  request.socket.write('HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n');
  request.socket.end(body, () => served.sent.finish(true));
}

/** /range/BYTES/SEED: strong ETag, one byte range, If-None-Match and If-Range. */
function sendRange(served: RouteRequest): void {
  const { request, response } = served;
  const [bytes, seed] = bytesAndSeed(served);
  const etag = `"${bytes}-${seed}"`;
  const headers = { etag, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, headers).end();
  const body = randomBody(bytes, seed);
  const fresh = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const range = fresh ? /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') : null;
  if (!range) return void response.writeHead(200, { ...headers, 'content-length': bytes }).end(body);
  const start = range[1] === '' ? Math.max(0, bytes - Number(range[2])) : Number(range[1]);
  const end = range[1] === '' || range[2] === '' ? bytes - 1 : Math.min(bytes - 1, Number(range[2]));
  if (start > end)
    return void response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes}` }).end();
  const part = body.subarray(start, end + 1);
  const partial = { 'content-range': `bytes ${start}-${end}/${bytes}`, 'content-length': part.length };
  response.writeHead(206, { ...headers, ...partial }).end(part);
}

/** Response bodies in every framing. */
export const bodyRoutes: Routes = {
  random: sendRandom,
  head: sendRandom,
  /** /stream/BYTES/SEED: never held in memory, waits for the reader; `randomDigest` knows its SHA-256. */
  stream: (served) => streamBody(served, { 'content-length': String(numberAt(served.args, 0, 0)) }),
  chunked: (served) => streamBody(served, {}),
  'close-delimited': sendCloseDelimited,
  range: sendRange,
};
