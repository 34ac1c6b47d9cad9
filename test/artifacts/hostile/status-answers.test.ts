import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../../src/artifacts/expectations.ts';
import { recogniseAll, type Fed } from '../feed.ts';

const evil = Buffer.from('PK an evil wheel');
const url = 'https://mirror.example/packages/demo-1.0-py3-none-any.whl';
const lock = lockDemo('poetry.lock', 'pypi', '1.0');
/** What the others fetch is a wheel: to these one is a package of no name. */
const ownFiles: Readonly<Partial<Record<keyof typeof agents, { url: string; lock: LoadedLockfile }>>> = {
  cargo: {
    url: 'https://mirror.example/api/v1/crates/demo/1.0.0/download',
    lock: lockDemo('Cargo.lock', 'cargo', '1.0.0'),
  },
  npm: {
    url: 'https://mirror.example/demo/-/demo-1.0.0.tgz',
    lock: lockDemo('package-lock.json', 'npm', '1.0.0'),
  },
};

function lockDemo(path: string, ecosystem: string, version: string): LoadedLockfile {
  const value = createHash('sha256').update('the good wheel').digest('hex');
  return {
    path,
    ecosystem,
    entries: [{ ...{ name: 'demo', version, line: 3 }, expected: [{ algorithm: 'sha256', value }] }],
  };
}

const agents = {
  pip: 'pip/23.2.1',
  apt: 'Debian APT-HTTP/1.3 (2.6.1)',
  cargo: 'cargo/1.95.0',
  mvn: 'Apache-Maven/3.8.7 (Java 17)',
  npm: 'npm/11.19.1 node/v20.20.2 linux x64',
  wget: 'Wget/1.21.3',
  urllib: 'Python-urllib/3.11',
  curl: 'curl/7.88.1',
  unknown: 'something/1.0',
};
const all = [
  200, 201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 302, 304, 305, 399, 404, 500, 503, 600,
] as const;

describe('an answer', () => {
  // As each was seen to take it, with its exit status 0: docs/artifact-bodies.md.
  it.each<[client: keyof typeof agents, taken: number[]]>([
    ['pip', [200, 201, 202, 203, 205, 206, 207, 226, 299, 300, 302, 305, 399, 600]],
    ['apt', [200, 201, 202, 203, 205, 206, 207, 226, 299]],
    ['cargo', [200]],
    ['mvn', [200]],
    ['npm', [200, 201, 202, 203, 205, 206, 207, 226, 299, 300, 302, 305, 399]],
    ['wget', [200, 201, 202, 203, 205, 206, 207, 226, 299, 300]],
    ['urllib', [200, 201, 202, 203, 205, 206, 207, 226, 299]],
    ['unknown', [200, 201, 202, 203, 205, 206, 207, 226, 299, 300, 302, 305, 399, 600]],
  ])('is what %s takes for one', async (client, taken) => {
    const found: number[] = [];
    const file = ownFiles[client] ?? { url, lock };
    for (const status of all) {
      const [artifact] = await recogniseAll(
        [{ url: file.url, status, body: evil, requestHeaders: { 'user-agent': agents[client] } }],
        [file.lock],
      );
      if (artifact !== undefined) found.push(status);
      expect(artifact?.verdict ?? 'mismatch').toBe('mismatch');
    }
    expect(found).toEqual(taken);
  });

  const byCurl = { 'user-agent': agents.curl };

  it('with an error is one for curl, which stores it, where its bytes are an archive’s', async () => {
    const archive: Fed = { url, status: 404, body: evil, requestHeaders: byCurl };
    expect(await recogniseAll([archive], [lock])).toMatchObject([{ verdict: 'mismatch' }]);
    for (const body of ['<html>Not found</html>', '{"error":"not found"}', '']) {
      expect(await recogniseAll([{ ...archive, body }], [lock])).toEqual([]);
    }
    const script: Fed = {
      url: 'https://h.example/install.sh',
      status: 500,
      body: '#!/bin/sh\n',
      requestHeaders: byCurl,
    };
    expect(await recogniseAll([script])).toMatchObject([{ class: 'script' }]);
  });

  it('of a module proxy is one for Go by 200 alone', async () => {
    const go = { 'user-agent': 'Go-http-client/1.1', 'accept-encoding': 'gzip' };
    const zip: Fed = {
      url: 'https://proxy.example/m.example/x/@v/v1.0.0.zip',
      body: 'PK',
      requestHeaders: go,
    };
    expect(await recogniseAll([{ ...zip, status: 203 }])).toEqual([]);
    const other: Fed = { url, status: 203, body: evil, requestHeaders: go };
    expect(await recogniseAll([other], [lock])).toMatchObject([{ verdict: 'mismatch' }]);
  });

  it('that leads on is none, but for those that clients do not follow', async () => {
    const leads = (status: number): Fed => ({ url, status, body: evil, headers: { location: '/elsewhere' } });
    for (const status of [301, 302, 303, 307, 308]) {
      expect(await recogniseAll([leads(status)], [lock])).toEqual([]);
    }
    for (const status of [300, 305, 306]) {
      expect(await recogniseAll([leads(status)], [lock])).toMatchObject([{ verdict: 'mismatch' }]);
    }
  });

  it('to HEAD says nothing of the one to GET', async () => {
    const headers = { etag: '"good"' };
    expect(
      await recogniseAll(
        [
          { url, method: 'HEAD', headers },
          { url, headers, body: evil },
        ],
        [lock],
      ),
    ).toMatchObject([{ verdict: 'mismatch', exchangeIds: ['x2'] }]);
  });

  it('of 304 brings nothing, whatever its validators', async () => {
    const before: Fed = { url, body: 'the good wheel', headers: { etag: '"1"' } };
    const unchanged: Fed = { url, status: 304, headers: { etag: '"2"' } };
    expect(await recogniseAll([before, unchanged], [lock])).toMatchObject([
      { verdict: 'locked', exchangeIds: ['x1'] },
    ]);
  });

  it('of 200 with a Content-Range is the whole, as clients take it', async () => {
    for (const requestHeaders of [{}, { range: 'bytes=100-' }]) {
      const headers = { 'content-range': 'bytes 0-3/9000' };
      expect(await recogniseAll([{ url, headers, requestHeaders, body: evil }], [lock])).toMatchObject([
        { verdict: 'mismatch', size: evil.length },
      ]);
    }
  });

  it('of 206 that nobody asked for is the whole, whatever its Content-Range', async () => {
    const headers = { 'content-range': 'bytes 0-3/9000' };
    expect(await recogniseAll([{ url, status: 206, headers, body: evil }], [lock])).toMatchObject([
      { verdict: 'mismatch', size: evil.length },
    ]);
  });

  it('to POST is named by its bytes alone', async () => {
    const post = (body: string | Buffer): Fed => ({ url, method: 'POST', body });
    expect(await recogniseAll([post(Buffer.from('504b030400', 'hex'))], [lock])).toMatchObject([
      { ecosystem: 'generic', class: 'archive', purl: null, verdict: 'unchecked' },
    ]);
    expect(await recogniseAll([post('{"ok":true}')], [lock])).toEqual([]);
  });
});
