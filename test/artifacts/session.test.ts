import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import { findFindings } from '../../src/findings/index.ts';
import { createFold } from '../../src/run/fold.ts';
import { decoding, recogniseAll, type Fed } from './feed.ts';

const emptyRun = createFold().finish({ verdict: 'intact', problems: [] }).facts;

const tarball = Buffer.from('the bytes of a tarball');
const hex = (algorithm: string, bytes: Buffer = tarball): string =>
  createHash(algorithm).update(bytes).digest('hex');
const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
const json = { 'content-type': 'application/json' };
const base = 'https://registry.example/mirror/npm';

const packument = (dist: object): Fed => ({
  url: `${base}/@s%2fpad`,
  headers: json,
  body: JSON.stringify({ name: '@s/pad', versions: { '1.0.0': { version: '1.0.0', dist } } }),
});
const fetched: Fed = { url: `${base}/@s/pad/-/pad-1.0.0.tgz`, body: tarball };
const lock = (value: string): LoadedLockfile => ({
  path: 'package-lock.json',
  ecosystem: 'npm',
  entries: [{ name: '@s/pad', version: '1.0.0', line: 7, expected: [{ algorithm: 'sha512', value }] }],
});

describe('an artifact', () => {
  it('is named by its path where nothing else is known', async () => {
    expect(await recogniseAll([fetched])).toMatchObject([
      {
        purl: 'pkg:npm/%40s/pad@1.0.0',
        identifiedBy: 'path',
        verdict: 'unchecked',
        digests: { sha256: hex('sha256') },
        exchangeIds: ['x1'],
      },
    ]);
  });

  it('is named and checked by the index that named its URL, whatever that looks like', async () => {
    const url = 'https://files.example/opaque?token=1';
    const exchanges = [packument({ tarball: url, integrity, shasum: hex('sha1') }), { url, body: tarball }];
    const [artifact] = await recogniseAll(exchanges);
    expect(artifact).toMatchObject({
      ...{ purl: 'pkg:npm/%40s/pad@1.0.0', identifiedBy: 'index', verdict: 'published' },
      urls: ['https://files.example/opaque'],
    });
    expect(artifact?.expected).toMatchObject([
      { source: 'index', algorithm: 'sha512', result: 'match' },
      { source: 'index', algorithm: 'sha1', result: 'match' },
    ]);
  });

  it('keeps its name through redirects, and says which way it came', async () => {
    const signed = 'https://store.example/blob?signature=secret';
    const artifacts = await recogniseAll([
      { ...fetched, status: 302, body: '', headers: { location: signed } },
      { url: `${signed}&again=1`, body: tarball },
    ]);
    expect(artifacts).toMatchObject([
      {
        ...{ name: '@s/pad', exchangeIds: ['x1', 'x2'] },
        urls: [fetched.url, 'https://store.example/blob'],
      },
    ]);
  });

  it('is judged by the lockfile first', async () => {
    const right = await recogniseAll(
      [packument({ tarball: fetched.url, integrity }), fetched],
      [lock(hex('sha512'))],
    );
    expect(right[0]).toMatchObject({ verdict: 'locked' });
    expect(right[0]?.expected[0]).toMatchObject({ source: 'lockfile', from: 'package-lock.json', line: 7 });
    const wrong = await recogniseAll([fetched], [lock(hex('sha512', Buffer.from('other')))]);
    expect(wrong).toMatchObject([{ verdict: 'mismatch', expected: [{ result: 'mismatch' }] }]);
    const other = { ...lock(hex('sha512')), entries: [] };
    expect(await recogniseAll([fetched], [other])).toMatchObject([{ verdict: 'unlocked' }]);
    expect(await recogniseAll([fetched], [{ ...other, ecosystem: 'pypi' }])).toMatchObject([
      { verdict: 'unchecked' },
    ]);
  });

  it('is the decoded body, and the encoded one is known beside it', async () => {
    const encoded = gzipSync(tarball);
    const [artifact] = await recogniseAll(
      [{ ...fetched, encoded, headers: { 'content-encoding': 'gzip' }, requestHeaders: decoding }],
      [lock(hex('sha512'))],
    );
    expect(artifact).toMatchObject({
      ...{ verdict: 'locked', size: tarball.length },
      encoded: { size: encoded.length, digests: { sha256: hex('sha256', encoded) } },
    });
  });

  it.each<[string, Partial<Fed>]>([
    ['cut short', { complete: false }],
    ['a range', { status: 206, requestHeaders: { range: 'bytes=0-99' } }],
    ['not modified', { status: 304 }],
    ['an error page', { status: 404 }],
    ['no body at all', { method: 'HEAD' }],
  ])('is not claimed of a response that is %s', async (_name, change) => {
    expect(await recogniseAll([{ ...fetched, ...change }])).toEqual([]);
  });

  it('whose body ended with its connection counts, and is altered or cut short where it differs', async () => {
    const unknown = { ...fetched, complete: 'unknown' as const };
    expect(await recogniseAll([unknown], [lock(hex('sha512'))])).toMatchObject([
      { verdict: 'locked', complete: 'unknown', digests: { sha256: hex('sha256') } },
    ]);
    const artifacts = await recogniseAll([unknown], [lock(hex('sha512', Buffer.from('other')))]);
    expect(artifacts).toMatchObject([{ verdict: 'mismatch', complete: 'unknown' }]);
    const run = { ...emptyRun, artifacts };
    expect(findFindings({ run, waivers: [], difference: null })).toMatchObject([
      { rule: 'mismatch', message: expect.stringMatching(/^it was altered or cut short: /) as string },
    ]);
    const [whole] = await recogniseAll([fetched]);
    expect(whole?.complete).toBeUndefined();
  });

  it('that was not parsed cannot be compared with what is expected of it, and fails as a mismatch does', async () => {
    const unparsed = { ...fetched, isUnparsed: true as const };
    const artifacts = await recogniseAll([unparsed], [lock(hex('sha512'))]);
    expect(artifacts).toMatchObject([
      { name: '@s/pad', verdict: 'not-comparable', reason: 'unparsed', size: 0, exchangeIds: ['x1'] },
    ]);
    const findings = findFindings({ run: { ...emptyRun, artifacts }, waivers: [], difference: null });
    expect(findings).toMatchObject([{ rule: 'not-comparable', level: 'error' }]);
    // Nobody says what it must be.
    expect(await recogniseAll([unparsed])).toEqual([]);
    expect(await recogniseAll([packument({ tarball: fetched.url, integrity }), unparsed])).toMatchObject([
      { verdict: 'not-comparable', reason: 'unparsed' },
    ]);
  });

  it('is named by what was learned before it had ended, whenever it began', async () => {
    const url = 'https://files.example/pad.tgz';
    const body = gzipSync(tarball);
    const named = packument({ tarball: url, shasum: hex('sha1', body) });
    expect(await recogniseAll([{ url, body, meanwhile: [named] }])).toMatchObject([
      { name: '@s/pad', identifiedBy: 'index', digests: { sha256: hex('sha256', body) } },
    ]);
  });

  it('is one, however often it was fetched, unless its bytes differ', async () => {
    const artifacts = await recogniseAll([fetched, fetched, { ...fetched, body: 'other bytes' }]);
    expect(artifacts.map(({ exchangeIds }) => exchangeIds)).toEqual([['x1', 'x2'], ['x3']]);
  });

  it('is judged again when more is published about it', async () => {
    const artifacts = await recogniseAll([
      fetched,
      packument({ tarball: fetched.url, shasum: hex('sha1', Buffer.from('x')) }),
    ]);
    // Its SHA-1 was not computed, as nobody had stated one by then.
    expect(artifacts).toMatchObject([{ verdict: 'not-comparable', expected: [{ algorithm: 'sha1' }] }]);
  });
});
