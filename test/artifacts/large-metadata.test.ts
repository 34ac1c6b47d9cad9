import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFetchAnswer, createPackBomb, createZip } from '../helpers/hostile/bodies.ts';
import { recogniseAll, recordAll, type Fed } from './feed.ts';
import { flush, pkt } from './git/upload-pack.ts';

const json = { 'content-type': 'application/json' };
const tarball = Buffer.from('the bytes of a tarball');
const sha1 = createHash('sha1').update(tarball).digest('hex');
const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;

/** A packument of more than what is read at once, by what is said between its versions. */
const large = (dist: object): Fed => ({
  url: 'https://registry.example/pad',
  headers: json,
  body: JSON.stringify({ name: 'pad', readme: 'x'.repeat(400_000), versions: { '1.0.0': { dist } } }),
});

describe('what is fetched while its metadata is still read', () => {
  it('is named and checked by it, whatever its URL looks like', async () => {
    const url = 'https://files.example/opaque';
    const artifacts = await recogniseAll([
      large({ tarball: url, integrity, shasum: sha1 }),
      { url, body: tarball },
    ]);
    expect(artifacts).toMatchObject([
      { purl: 'pkg:npm/pad@1.0.0', identifiedBy: 'index', verdict: 'published', exchangeIds: ['x2'] },
    ]);
    expect(artifacts[0]?.expected.map(({ algorithm, result }) => [algorithm, result])).toEqual([
      ['sha512', 'match'],
      ['sha1', 'match'],
    ]);
  });

  it.each([
    { as: 'whole', answer: { status: 200 } },
    { as: 'non-authoritative', answer: { status: 203 } },
    { as: 'an odd success', answer: { status: 300 } },
    { as: 'one part', answer: { status: 206, range: `bytes 0-${tarball.length - 1}/${tarball.length}` } },
  ])('is named also where it is said to be further metadata, answered as $as', async ({ answer }) => {
    const url = 'https://files.example/opaque';
    const { status, range } = { range: undefined, ...answer };
    const headers = { ...json, ...(range === undefined ? {} : { 'content-range': range }) };
    const artifacts = await recogniseAll([
      large({ tarball: url, integrity }),
      { url, status, headers, body: tarball },
    ]);
    expect(artifacts).toMatchObject([{ purl: 'pkg:npm/pad@1.0.0', verdict: 'published' }]);
  });

  it('is still read as metadata where it is that', async () => {
    const url = 'https://files.example/opaque';
    const second = { url: 'https://registry.example/pad', headers: json };
    const packument = JSON.stringify({
      name: 'pad',
      versions: { '1.0.0': { dist: { tarball: url, integrity } } },
    });
    const artifacts = await recogniseAll([large({}), { ...second, body: packument }, { url, body: tarball }]);
    expect(artifacts).toMatchObject([{ purl: 'pkg:npm/pad@1.0.0', verdict: 'published' }]);
  });

  it('is a mismatch where the metadata says other bytes', async () => {
    const url = 'https://registry.example/pad/-/pad-1.0.0.tgz';
    const other = large({ tarball: url, shasum: '0'.repeat(40) });
    expect(await recogniseAll([other, { url, body: tarball }])).toMatchObject([{ verdict: 'mismatch' }]);
  });

  it('is none where it is a page, or nobody names it', async () => {
    const url = 'https://files.example/opaque';
    const named = large({ tarball: url });
    expect(await recogniseAll([named, { url, body: '<html>log in</html>' }])).toEqual([]);
    expect(await recogniseAll([named, { url: 'https://files.example/other', body: 'text' }])).toEqual([]);
  });
});

it('a client of packages fetches a package also from where a git server would list its refs', async () => {
  const url = 'https://registry.example/x/info/refs?service=git-upload-pack';
  const npm = { 'user-agent': 'npm/11.0.0 node/v22.0.0' };
  const packument = JSON.stringify({
    name: 'pad',
    versions: { '1.0.0': { dist: { tarball: url, integrity } } },
  });
  const artifacts = await recogniseAll([
    { url: 'https://registry.example/pad', headers: json, requestHeaders: npm, body: packument },
    { url, requestHeaders: npm, body: tarball },
  ]);
  expect(artifacts).toMatchObject([{ purl: 'pkg:npm/pad@1.0.0', verdict: 'published' }]);
});

it('a client of packages gets one also where no byte at its beginning is NUL', async () => {
  const requestHeaders = { 'user-agent': 'npm/11.0.0 node/v22.0.0' };
  const body = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 1, 1, 1, 1, 2, 3]), Buffer.alloc(600, 'a')]);
  const url = 'https://registry.example/opaque';
  expect(await recogniseAll([{ url, requestHeaders, body }])).toMatchObject([
    { ecosystem: 'npm', purl: null },
  ]);
  const text = { url, requestHeaders, body: 'é'.repeat(255) + 'aé and more' };
  expect(await recogniseAll([text])).toEqual([]);
});

describe('what is beyond a limit', () => {
  const module = 'https://proxy.example/forge.example/mod/@v/v1.0.0.zip';

  it('is an artifact by its path that is said not to be examined', async () => {
    const zip = createZip(
      Array.from({ length: 11 }, (_, index) => `forge.example/mod@v1.0.0/${index}`),
      Buffer.alloc(50_000_000),
    );
    const reason = 'unpacked, the archive has more than 500 MiB';
    const facts = await recordAll([{ url: module, body: zip }]);
    expect(facts).toMatchObject([
      {
        type: 'artifact-recognised',
        artifact: { purl: 'pkg:golang/forge.example/mod@v1.0.0', notExamined: reason },
      },
      { type: 'blind-spot', kind: 'not-examined', subject: module, advice: reason },
    ]);
  });

  it('is a pack of which deltas make far more than it is', async () => {
    const wanted = pkt(`want ${'a'.repeat(40)}\n`);
    const url = 'https://forge.example/a.git/git-upload-pack';
    const answer: Fed = {
      ...{ url, method: 'POST', headers: { 'content-type': 'application/x-git-upload-pack-result' } },
      requestBody: Buffer.concat([pkt('command=fetch'), Buffer.from('0001'), wanted, pkt('done\n'), flush]),
      body: createFetchAnswer(createPackBomb(300)),
    };
    expect(await recordAll([answer])).toMatchObject([
      {
        type: 'blind-spot',
        kind: 'not-examined',
        subject: url,
        advice: 'its objects are far larger than the pack',
      },
    ]);
  });

  it('is a document with more entries than are kept, and of others nothing is said', async () => {
    const versions = `"v":{},`.repeat(200_001);
    const body = `{"name":"many","versions":{${versions.slice(0, -1)}}}`;
    const url = 'https://registry.example/many';
    expect(await recordAll([{ url, headers: json, body }])).toMatchObject([
      { kind: 'not-examined', subject: url, advice: 'it has more than 200000 entries' },
    ]);
    expect(await recordAll([{ url, headers: json, body: '['.repeat(300_000) }])).toEqual([]);
  });
});
