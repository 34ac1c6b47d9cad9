import { describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import {
  image,
  imageId,
  imageIndex,
  layer,
  layerPath,
  manifest,
  tamperedManifest,
} from './chain-scenarios.ts';
import { recogniseAll, type Fed } from './feed.ts';

const registry = 'https://r.example';
const repository = `${registry}/v2/team/app`;
const headers = image.headers ?? {};
const tagged: Fed = { url: `${repository}/manifests/1.0`, body: manifest, headers };
const index: Fed = { url: `${repository}/manifests/${imageId(imageIndex)}`, body: imageIndex, headers };
const platform: Fed = { url: `${repository}/manifests/${imageId(manifest)}`, body: manifest, headers };
const blob: Fed = { url: registry + layerPath, body: layer };
const dockerfile = (id: string): LoadedLockfile => {
  const expected = [{ algorithm: 'sha256' as const, value: id.slice('sha256:'.length) }];
  return { path: 'Dockerfile', ecosystem: 'oci', entries: [{ name: 'app', version: id, expected, line: 1 }] };
};

/** The verdicts, in the order in which things were fetched. */
async function judgeAll(exchanges: readonly Fed[], lockfiles: readonly LoadedLockfile[] = []) {
  const place = ({ exchangeIds }: Artifact): number => Number(exchangeIds[0]?.slice(1));
  const artifacts = await recogniseAll(exchanges, lockfiles);
  return artifacts.sort((a, b) => place(a) - place(b)).map(({ verdict }) => verdict);
}

describe('an image fetched by its tag', () => {
  const purl = `pkg:oci/app@${imageId(manifest)}?tag=1.0`;

  it.each([
    ['what the answer says', { ...headers, 'docker-content-digest': imageId(manifest) }, 'published'],
    ['its bytes', headers, 'unchecked'],
  ])('has its digest by %s', async (_by, answered, verdict) => {
    const fetched = { ...tagged, headers: answered };
    expect(await recogniseAll([fetched])).toMatchObject([{ purl, verdict }]);
    expect(await recogniseAll([fetched], [dockerfile(imageId(manifest))])).toMatchObject([
      { purl, verdict: 'locked' },
    ]);
    expect(await recogniseAll([fetched], [dockerfile(imageId(imageIndex))])).toMatchObject([
      { purl, verdict: 'unlocked' },
    ]);
  });

  it('with other bytes is a mismatch of what the answer says, and else another image', async () => {
    const lying = { ...headers, 'docker-content-digest': imageId(manifest) };
    const other = { ...tagged, body: tamperedManifest };
    const locked = [dockerfile(imageId(manifest))];
    expect(await judgeAll([{ ...other, headers: lying }], locked)).toEqual(['mismatch']);
    expect(await recogniseAll([other], locked)).toMatchObject([
      { purl: `pkg:oci/app@${imageId(tamperedManifest)}?tag=1.0`, verdict: 'unlocked' },
    ]);
  });

  it.each([
    ['a page', '<html>'],
    ['an error', '{"errors":[{"code":"UNAUTHORIZED"}]}'],
    ['a manifest of the first version', '{"schemaVersion":1,"mediaType":"x","history":[]}'],
    ['a list', '[]'],
  ])('is not %s', async (_what, body) => {
    for (const type of ['application/json', ...Object.values(headers)]) {
      expect(await recogniseAll([{ ...tagged, body, headers: { 'content-type': type } }])).toEqual([]);
    }
  });
});

it('is no image where a page came, however large', async () => {
  const headersOfPage = { 'content-type': 'text/html; charset=utf-8' };
  for (const fetched of [tagged, platform]) {
    const page = { ...fetched, body: `<html>${' '.repeat(5_000_000)}`, headers: headersOfPage };
    expect(await recogniseAll([page])).toEqual([]);
  }
});

describe('what an image consists of', () => {
  it('is published by it, and by its own URL', async () => {
    expect(await recogniseAll([platform, blob])).toMatchObject([
      { class: 'image', purl: image.purl, verdict: 'published' },
      {
        ...{ class: 'blob', purl: null, verdict: 'published' },
        expected: [
          { source: 'url-digest', result: 'match' },
          { source: 'index', from: platform.url, result: 'match' },
        ],
      },
    ]);
  });

  it('is accounted for where a lockfile names the image, or the index of its platforms', async () => {
    expect(await judgeAll([platform, blob], [dockerfile(imageId(manifest))])).toEqual([
      'locked',
      'published',
    ]);
    expect(await judgeAll([index, platform, blob], [dockerfile(imageId(imageIndex))])).toEqual([
      ...['locked', 'published', 'published'],
    ]);
  });

  it('is not accounted for by an image that no lockfile names, nor on its own', async () => {
    const other = [dockerfile(imageId('other'))];
    expect(await judgeAll([index, platform, blob], other)).toEqual(['unlocked', 'unlocked', 'unlocked']);
    expect(await judgeAll([blob], [dockerfile(imageId(manifest))])).toEqual(['unlocked']);
  });

  it('is not accounted for by bytes that only came from where the named image should be', async () => {
    const evil = 'evil';
    const evilManifest = manifest.replace(imageId(layer), imageId(evil));
    const way = [
      { ...platform, body: evilManifest },
      { ...blob, url: `${repository}/blobs/${imageId(evil)}`, body: evil },
    ];
    expect(await judgeAll(way, [dockerfile(imageId(manifest))])).toEqual(['mismatch', 'unlocked']);
  });

  it('with other bytes is a mismatch, wherever a redirect or a store has it', async () => {
    const locked = [dockerfile(imageId(manifest))];
    const store = `https://store.example/docker/blobs/sha256/${imageId(layer).slice(7, 9)}/${imageId(layer).slice(7)}/data`;
    const signed = 'https://store.example/o/1?X-Signature=abc';
    for (const [body, verdict] of [
      [layer, 'published'],
      ['other', 'mismatch'],
    ] as const) {
      const redirect = { ...blob, status: 307, headers: { location: signed } };
      expect(await judgeAll([platform, { ...blob, body }], locked)).toEqual(['locked', verdict]);
      expect(await judgeAll([platform, { url: store, body }], locked)).toEqual(['locked', verdict]);
      expect(await judgeAll([platform, redirect, { url: signed, body }], locked)).toEqual([
        'locked',
        verdict,
      ]);
    }
  });

  it('may be anything that hostile bytes say, without harm', async () => {
    const parts = Array.from({ length: 5000 }, (_, at) => ({ digest: imageId(String(at)) }));
    const odd = [null, 1, 'x', {}, { digest: 7 }, { digest: 'sha256:x' }, { digest: imageId(manifest) }];
    const bodies = [
      JSON.stringify({ schemaVersion: 2, config: {}, layers: [...odd, ...parts] }),
      JSON.stringify({ schemaVersion: 2, mediaType: 'x', manifests: odd, layers: 'x', config: [] }),
    ];
    const exchanges = bodies.map((body, at) => ({ ...tagged, url: `${repository}/manifests/${at}`, body }));
    expect(await judgeAll(exchanges, [dockerfile(imageId(manifest))])).toEqual(['unlocked', 'unlocked']);
  });
});
