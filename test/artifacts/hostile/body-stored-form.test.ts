import { createHash } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { storedForm } from '../../../src/artifacts/clients.ts';
import type { LoadedLockfile } from '../../../src/artifacts/expectations.ts';
import { headerReader } from '../../../src/artifacts/header-reader.ts';
import { recogniseAll, type Fed } from '../feed.ts';

const good = Buffer.from('PK the good wheel');
const evil = Buffer.from('PK an evil wheel');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const url = 'https://mirror.example/packages/demo-1.0-py3-none-any.whl';
const locks = (...values: Buffer[]): LoadedLockfile[] => [
  {
    path: 'poetry.lock',
    ecosystem: 'pypi',
    entries: [
      {
        ...{ name: 'demo', version: '1.0', line: 3 },
        expected: values.map((value) => ({ algorithm: 'sha256' as const, value: sha256(value) })),
      },
    ],
  },
];

/** What each client asks for, as it was seen, and the form that it was seen to store. */
const clients = {
  pip: { 'user-agent': 'pip/23.2.1 {"ci":null}', 'accept-encoding': 'identity' },
  apt: { 'user-agent': 'Debian APT-HTTP/1.3 (2.6.1)' },
  wget: { 'user-agent': 'Wget/1.21.3', 'accept-encoding': 'identity' },
  urllib: { 'user-agent': 'Python-urllib/3.11', 'accept-encoding': 'identity' },
  curl: { 'user-agent': 'curl/7.88.1' },
  'curl --compressed': { 'user-agent': 'curl/7.88.1', 'accept-encoding': 'deflate, gzip, br, zstd' },
  'curl -H': { 'user-agent': 'curl/7.88.1', 'accept-encoding': 'gzip' },
  cargo: { 'user-agent': 'cargo/1.95.0 (f2d3ce0bd 2026-03-21)', 'accept-encoding': 'deflate, gzip' },
  go: { 'user-agent': 'Go-http-client/1.1', 'accept-encoding': 'gzip' },
  mvn: { 'user-agent': 'Apache-Maven/3.8.7 (Java 17.0.15; Linux)', 'accept-encoding': 'gzip,deflate' },
  npm: { 'user-agent': 'npm/11.19.1 node/v20.20.2 linux x64', 'accept-encoding': 'gzip,deflate' },
  requests: { 'user-agent': 'python-requests/2.34.2', 'accept-encoding': 'gzip, deflate' },
  unknown: {},
} as const;
type Client = keyof typeof clients;

describe('the form that a client stores', () => {
  it.each<[client: Client, contentEncoding: string[], form: string | undefined]>([
    ['pip', [], undefined],
    ['pip', ['identity'], undefined],
    ['pip', ['gzip'], 'wire'],
    ['pip', ['br, gzip', 'zstd'], 'wire'],
    ['apt', ['gzip'], 'wire'],
    ['wget', ['gzip'], 'wire'],
    ['urllib', ['x-unheard-of'], 'wire'],
    ['curl', ['gzip'], 'wire'],
    ['curl --compressed', ['GZIP, br'], 'decoded'],
    ['curl --compressed', ['identity, gzip,'], 'decoded'],
    ['curl --compressed', ['gzip', 'gzip'], 'unknown'],
    ['curl --compressed', ['compress'], 'unknown'],
    ['curl -H', ['gzip'], 'unknown'],
    ['cargo', ['x-gzip'], 'decoded'],
    ['cargo', ['br'], 'unknown'],
    ['go', ['gzip'], 'decoded'],
    ['go', ['GZIP'], 'decoded'],
    ['go', ['x-gzip'], 'wire'],
    ['go', ['identity, gzip'], 'wire'],
    ['go', ['gzip, gzip'], 'wire'],
    ['mvn', ['deflate'], 'decoded'],
    ['mvn', ['br'], 'unknown'],
    ['npm', ['br'], 'decoded'],
    ['npm', ['GZIP'], 'wire'],
    ['npm', ['gzip,'], 'wire'],
    ['requests', ['gzip'], 'unknown'],
    ['unknown', ['gzip'], 'unknown'],
  ])('of %s with %j is %s', (client, contentEncoding, form) => {
    expect(storedForm(headerReader(Object.entries(clients[client]).flat()), contentEncoding)).toBe(form);
  });
});

const encoded = (client: Client, body: Buffer, change: Partial<Fed> = {}): Fed => ({
  ...{ url, body, encoded: gzipSync(body), headers: { 'content-encoding': 'gzip' } },
  requestHeaders: clients[client],
  ...change,
});

describe('a content-encoded artifact', () => {
  it('is locked by the form that its client stores, and a mismatch by it', async () => {
    const cases = [
      ['pip', good, 'mismatch'],
      ['pip', gzipSync(good), 'locked'],
      ['curl --compressed', good, 'locked'],
      ['curl --compressed', gzipSync(good), 'mismatch'],
      ['unknown', good, 'not-comparable'],
      ['unknown', gzipSync(good), 'not-comparable'],
      ['unknown', evil, 'mismatch'],
    ] as const;
    for (const [client, expected, verdict] of cases) {
      const [artifact] = await recogniseAll([encoded(client, good)], locks(expected));
      expect(artifact, `${client} ${sha256(expected)}`).toMatchObject({ verdict });
      if (verdict === 'not-comparable') expect(artifact).toMatchObject({ reason: 'stored-form' });
    }
  });

  it('is no mismatch for the other files of its version where one of its forms is right', async () => {
    expect(
      await recogniseAll([encoded('unknown', good)], locks(evil, good, Buffer.from('sdist'))),
    ).toMatchObject([{ verdict: 'not-comparable', reason: 'stored-form' }]);
  });

  it('is judged by the wire where nothing was decoded whole, and by nothing where the client decodes', async () => {
    // The good wheel, then one that pip finds from the end.
    const wire = Buffer.concat([gzipSync(good), Buffer.alloc(64), evil]);
    const forged = (client: Client): Fed =>
      encoded(client, good, { encoded: wire, undecoded: 'trailing-bytes' });
    for (const [client, expected, verdict] of [
      ['pip', good, 'mismatch'],
      ['pip', wire, 'locked'],
      ['mvn', good, 'not-comparable'],
      ['unknown', good, 'not-comparable'],
      ['unknown', wire, 'not-comparable'],
    ] as const) {
      const [artifact] = await recogniseAll([forged(client)], locks(expected));
      expect(artifact, client).toMatchObject({ verdict });
      if (verdict === 'not-comparable') expect(artifact).toMatchObject({ reason: 'not-decoded' });
    }
  });

  it('is another one for a client that stores the other form', async () => {
    const artifacts = await recogniseAll(
      [encoded('pip', good), encoded('curl --compressed', good), encoded('pip', good)],
      locks(good),
    );
    expect(artifacts).toMatchObject([
      { verdict: 'mismatch', exchangeIds: ['x1', 'x3'], digests: { sha256: sha256(gzipSync(good)) } },
      { verdict: 'locked', exchangeIds: ['x2'], digests: { sha256: sha256(good) } },
    ]);
  });

  it('is not hidden by what one of its forms looks like', async () => {
    const page = Buffer.from('<html>not found</html>');
    const wire = Buffer.concat([gzipSync(page), evil]);
    const hidden: Partial<Fed> = { body: page, encoded: wire, undecoded: 'trailing-bytes' };
    for (const client of ['pip', 'unknown', 'curl'] as const) {
      expect(await recogniseAll([encoded(client, page, hidden)])).toMatchObject([
        { verdict: 'unchecked', digests: { sha256: sha256(wire) } },
      ]);
    }
    // Also where it decodes whole, for a client that does not decode it.
    const whole = { encoded: deflateSync(page), headers: { 'content-encoding': 'deflate' } };
    expect(await recogniseAll([encoded('pip', page, whole)])).toHaveLength(1);
    expect(await recogniseAll([encoded('curl --compressed', page, whole)])).toEqual([]);
  });

  it('has its contents digested in the form that is stored', async () => {
    // A script is one by its bytes: brotli's are none.
    const script = Buffer.from('#!/bin/sh\necho hello\n');
    const fetch = (client: Client): Fed => ({
      ...{ url: 'https://files.example/get', body: script, encoded: brotliCompressSync(script) },
      ...{ headers: { 'content-encoding': 'br' }, requestHeaders: clients[client] },
    });
    expect(await recogniseAll([fetch('curl --compressed')])).toMatchObject([{ class: 'script' }]);
    expect(await recogniseAll([fetch('curl')])).toEqual([]);
  });
});

describe('metadata', () => {
  it('teaches nothing where its coding could not be undone whole', async () => {
    const index: Fed = {
      url: 'https://mirror.example/simple/demo/',
      headers: { 'content-type': 'text/html', 'content-encoding': 'gzip' },
      body: `<a href="${url}#sha256=${sha256(evil)}">demo-1.0-py3-none-any.whl</a>`,
      encoded: gzipSync('x'),
    };
    const wheel: Fed = { url, body: evil };
    expect(await recogniseAll([index, wheel])).toMatchObject([{ verdict: 'published' }]);
    const forged: Fed = { ...index, undecoded: 'trailing-bytes' };
    expect(await recogniseAll([forged, wheel])).toMatchObject([{ verdict: 'unchecked' }]);
  });
});
