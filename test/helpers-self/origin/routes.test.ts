import { gunzipSync, brotliDecompressSync, inflateSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { decompress } from 'fzstd';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '../../helpers/origin/authority.ts';
import { startOrigin } from '../../helpers/origin/origin.ts';
import type { Origin } from '../../helpers/origin/origin.ts';
import { randomBody, randomDigest, randomText, sha256 } from '../../helpers/origin/random.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';

const workspace = createWorkspace('routes');
let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin(createAuthority(workspace.directory));
});
afterAll(async () => {
  await origin.close();
  workspace.remove();
});

const at = (path: string): string => `http://127.0.0.1:${origin.ports.http}${path}`;
const logged = (path: string) => origin.log.filter((observed) => observed.path === path);

async function fetchBytes(path: string, init: RequestInit = {}): Promise<[Response, Buffer]> {
  const response = await fetch(at(path), init);
  return [response, Buffer.from(await response.arrayBuffer())];
}

/** Reads a response without any decoding. */
function getRaw(path: string): Promise<[IncomingMessage, Buffer]> {
  return new Promise((resolve, reject) => {
    get(at(path), (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve([response, Buffer.concat(chunks)]));
    }).on('error', reject);
  });
}

test('a random body differs per seed and is logged with its size and digest', async () => {
  const [, one] = await fetchBytes('/random/70000/one');
  const [, two] = await fetchBytes('/random/70000/two');
  expect(one.equals(randomBody(70_000, 'one'))).toBe(true);
  expect(one.equals(two)).toBe(false);
  await origin.settled();
  const facts = { size: 70_000, sha256: sha256(one), complete: true };
  expect(logged('/random/70000/one')).toMatchObject([{ method: 'GET', status: 200, responseBody: facts }]);
});

test.each(['stream', 'chunked', 'close-delimited'])('/%s carries the bytes of its seed', async (route) => {
  const path = `/${route}/300000/framing`;
  const [, body] = await getRaw(path);
  expect(sha256(body)).toBe(randomDigest(300_000, 'framing'));
  await origin.settled();
  expect(logged(path)).toMatchObject([{ status: 200, responseBody: { size: 300_000, complete: true } }]);
});

test('a client that leaves early is logged as incomplete', async () => {
  const path = '/stream/50000000/left';
  await new Promise((resolve) => {
    const request = get(at(path), (response) => response.once('data', () => request.destroy()));
    request.once('close', resolve);
    request.on('error', () => undefined);
  });
  await origin.settled();
  expect(logged(path)).toMatchObject([{ done: true, responseBody: { complete: false } }]);
});

test.each([
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
  ['deflate', inflateSync],
  ['zstd', (data: Buffer) => Buffer.from(decompress(data))],
  ['gzip-br', (data: Buffer) => gunzipSync(brotliDecompressSync(data))],
])('/%s decodes to the text of its seed', async (route, decode) => {
  const [, body] = await getRaw(`/${route}/200000/coded`);
  expect(decode(body).equals(randomText(200_000, 'coded'))).toBe(true);
});

test('the compressed zstd fixture decodes to its text', async () => {
  const [response, body] = await getRaw('/zstd-compressed');
  expect(response.headers['content-encoding']).toBe('zstd');
  expect(Buffer.from(decompress(body)).equals(readFileSync('test/fixtures/zstd/compressed.txt'))).toBe(true);
});

test('ranges and validators', async () => {
  const [partial, part] = await fetchBytes('/range/1000/r', { headers: { range: 'bytes=100-199' } });
  expect([partial.status, partial.headers.get('content-range')]).toEqual([206, 'bytes 100-199/1000']);
  expect(part.equals(randomBody(1000, 'r').subarray(100, 200))).toBe(true);
  const etag = partial.headers.get('etag') ?? '';
  const [fresh, nothing] = await fetchBytes('/range/1000/r', { headers: { 'if-none-match': etag } });
  expect([fresh.status, nothing.length]).toEqual([304, 0]);
  const [suffix, tail] = await fetchBytes('/range/1000/r', { headers: { range: 'bytes=-10' } });
  expect([suffix.status, tail.length]).toEqual([206, 10]);
});

test('HEAD has a length and no body', async () => {
  const [head] = await fetchBytes('/head/1234', { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('1234');
  await origin.settled();
  expect(logged('/head/1234')).toMatchObject([{ method: 'HEAD', responseBody: { size: 0, complete: true } }]);
});

test('redirections, cookies, duplicates', async () => {
  const [redirected, body] = await fetchBytes('/redirect/3');
  expect([new URL(redirected.url).pathname, body.length]).toEqual(['/random/100/redirected', 100]);
  const [cookies] = await fetchBytes('/set-cookies');
  expect(cookies.headers.getSetCookie()).toHaveLength(3);
  const [duplicates] = await getRaw('/duplicate-headers');
  expect(duplicates.rawHeaders.filter((name) => name === 'X-TwIcE')).toHaveLength(2);
});

test('trailers and early hints', async () => {
  const [response] = await getRaw('/trailers/500/t');
  expect(response.trailers).toEqual({ 'x-checksum': 'abc123', 'x-late': 'yes' });
  const hints: number[] = [];
  await new Promise((resolve) => {
    get(at('/early-hints'), (hinted) => hinted.resume().on('end', resolve)).on(
      'information',
      ({ statusCode }) => hints.push(statusCode),
    );
  });
  expect(hints).toEqual([103, 103]);
});

test('events arrive one by one', async () => {
  const [response, body] = await fetchBytes('/sse/3/5');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(body.toString().match(/data: event \d/g)).toHaveLength(3);
});
