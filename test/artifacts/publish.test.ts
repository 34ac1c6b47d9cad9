import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import { recogniseAll, type Fed } from './feed.ts';

const content = gzipSync('the bytes of a package');
const sha256 = createHash('sha256').update(content).digest('hex');

const npm: Fed = {
  url: 'https://r.example/@s%2fpad',
  method: 'PUT',
  requestHeaders: { 'content-type': 'application/json' },
  requestBody: JSON.stringify({
    ...{ _id: '@s/pad', name: '@s/pad', 'dist-tags': { latest: '1.0.0' } },
    versions: { '1.0.0': { name: '@s/pad', version: '1.0.0' } },
    _attachments: {
      '@s/pad-1.0.0.tgz': { data: content.toString('base64') },
      '@s/pad-1.0.0.sigstore': { data: '{}' },
    },
  }),
};

const length = (of: Buffer | string): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(of.length);
  return bytes;
};
const metadata = JSON.stringify({ name: 'itoa', vers: '1.0.0' });
const cargo: Fed = {
  url: 'https://r.example/api/v1/crates/new',
  method: 'PUT',
  requestBody: Buffer.concat([length(metadata), Buffer.from(metadata), length(content), content]),
};

const form = (fields: Readonly<Record<string, string>>, file = content): Buffer =>
  Buffer.concat([
    ...Object.entries(fields).map(([name, value]) =>
      Buffer.from(`--b0\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    ),
    Buffer.from(
      '--b0\r\nContent-Disposition: form-data; name="content"; filename="x-1.0.tar.gz"\r\nContent-Type: application/octet-stream\r\n\r\n',
    ),
    file,
    Buffer.from('\r\n--b0--\r\n'),
  ]);
const pypi: Fed = {
  url: 'https://upload.example/legacy/',
  method: 'POST',
  requestHeaders: { 'content-type': 'multipart/form-data; boundary=b0' },
  requestBody: form({ name: 'X', version: '1.0', description: 'd'.repeat(5000), ':action': 'file_upload' }),
};

const maven: Fed = {
  url: 'https://r.example/maven2/com/example/lib/1.0/lib-1.0.jar',
  method: 'PUT',
  requestBody: content,
};

const published: readonly (readonly [string, Fed, string])[] = [
  ['npm', npm, 'pkg:npm/%40s/pad@1.0.0'],
  ['cargo', cargo, 'pkg:cargo/itoa@1.0.0'],
  ['pypi', pypi, 'pkg:pypi/x@1.0?file_name=x-1.0.tar.gz'],
  ['maven', maven, 'pkg:maven/com.example/lib@1.0'],
];

describe.each(published)('a package of %s that is published', (ecosystem, request, purl) => {
  const lock: LoadedLockfile = { path: 'lock', ecosystem, entries: [] };

  it('is sent, and no lockfile speaks of it', async () => {
    for (const status of [200, 201]) {
      expect(await recogniseAll([{ ...request, status }], [lock])).toMatchObject([
        { purl, direction: 'sent', verdict: 'unchecked', digests: { sha256 }, size: content.length },
      ]);
    }
  });

  it('is none where it is refused, or its answer cut short', async () => {
    expect(await recogniseAll([{ ...request, status: 403, body: content }])).toEqual([]);
    expect(await recogniseAll([{ ...request, complete: false }])).toEqual([]);
  });

  it('is none in a request that was damaged anyhow', async () => {
    const whole = Buffer.from(request.requestBody ?? '');
    for (let size = 0; size < whole.length; size += 97) {
      const artifacts = await recogniseAll([{ ...request, requestBody: whole.subarray(0, size) }]);
      if (ecosystem !== 'maven') expect(artifacts).toEqual([]);
    }
  });
});

it.each<[string, Fed]>([
  ['another JSON', { ...npm, requestBody: JSON.stringify({ name: 'x', versions: {}, _attachments: {} }) }],
  ['another form', { ...pypi, requestBody: form({ name: 'X', version: '1.0' }) }],
  ['a sidecar', { ...maven, url: `${maven.url}.sha1` }],
  ['a large other form', { ...pypi, requestBody: form({ name: 'X' }, Buffer.alloc(5 * 1024 * 1024)) }],
])('%s that is sent is no package', async (_what, request) => {
  expect(await recogniseAll([request])).toEqual([]);
});
