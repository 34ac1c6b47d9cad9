import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { randomText } from '../random.ts';
import { zstdFrame } from '../zstd.ts';
import { numberAt } from './route.ts';
import type { RouteRequest, Routes } from './route.ts';

const coders: Record<string, (content: Buffer) => Buffer> = {
  gzip: (content) => gzipSync(content),
  br: (content) => brotliCompressSync(content),
  deflate: (content) => deflateSync(content),
  zstd: zstdFrame,
};

/** Applies the codings of a Content-Encoding value from left to right. */
function encode(content: Buffer, codings: string): Buffer {
  return codings.split(', ').reduce((data, coding) => {
    const coder = coders[coding];
    if (!coder) throw new RangeError(`no coder for ${coding}`);
    return coder(data);
  }, content);
}

function sendEncoded(served: RouteRequest, codings: string, body: Buffer): void {
  const headers = {
    'content-type': 'text/plain',
    'content-encoding': codings,
    'content-length': body.length,
  };
  served.response.writeHead(200, headers).end(body);
}

/** /CODING/BYTES/SEED: `randomText(BYTES, SEED)` in that content coding. */
const coded =
  (codings: string) =>
  (served: RouteRequest): void =>
    sendEncoded(
      served,
      codings,
      encode(randomText(numberAt(served.args, 0, 1000), served.args[1] ?? 'seed'), codings),
    );

const zstdFixture = (): Buffer => readFileSync('test/fixtures/zstd/compressed.zst');

/** Response bodies in every content coding, sound and broken. */
export const encodingRoutes: Routes = {
  gzip: coded('gzip'),
  br: coded('br'),
  deflate: coded('deflate'),
  zstd: coded('zstd'),
  'gzip-br': coded('gzip, br'),
  /** /zstd-compressed: the fixture, really compressed; decodes to `compressed.txt` beside it. */
  'zstd-compressed': (served) => sendEncoded(served, 'zstd', zstdFixture()),
  /** Raw deflate, which RFC 9110 forbids and old servers send. */
  'deflate-raw': (served) => sendEncoded(served, 'deflate', deflateRawSync(randomText(1000, 'raw'))),
  'corrupt-gzip': (served) => sendEncoded(served, 'gzip', Buffer.from('this is no gzip stream')),
  'truncated-gzip': (served) =>
    sendEncoded(served, 'gzip', gzipSync(randomText(10_000, 'cut')).subarray(0, 2000)),
  'unknown-coding': (served) => sendEncoded(served, 'x-unheard-of', randomText(1000, 'unknown')),
  /** /bomb/MEGABYTES: zeros that gzip makes a thousand times smaller. */
  bomb: (served) => sendEncoded(served, 'gzip', gzipSync(Buffer.alloc(numberAt(served.args, 0, 10) << 20))),
};
