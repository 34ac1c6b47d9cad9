import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { LoadedLockfile } from '../../src/artifacts/expectations.ts';
import { loadLockfile } from '../../src/lockfiles/load.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import {
  debianIndex,
  debianPackage,
  debianPackages,
  image,
  imageId,
  imageIndex,
  manifest,
} from './chain-scenarios.ts';
import { describeFile } from './describe-file.ts';
import { recogniseAll, type Fed } from './feed.ts';
import { scenarios } from './scenarios.ts';

const directory = mkdtempSync(join(tmpdir(), 'proxaudit-matrix-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function lock(name: string, text: string): Promise<LoadedLockfile> {
  const path = join(directory, name);
  writeFileSync(path, text);
  const loaded = await loadLockfile(path);
  if (loaded === undefined) throw new Error(`${name} locks nothing`);
  return { path: name, ecosystem: loaded.ecosystem, entries: loaded.entries };
}

describe.each(scenarios)('a file of $ecosystem', async (scenario) => {
  const { path, prefixes, purl, content, ecosystem } = scenario;
  const [lockName, lockText] = scenario.lockfile;
  const right = await lock(lockName, lockText(content));
  const other = await lock(lockName, scenario.otherLock);
  const url = `https://r.example${prefixes[0] ?? ''}${path}`;
  const file: Fed = { url, body: content };
  const bad = { ...file, body: scenario.tampered };

  const is = (rest: Partial<Artifact>): object => ({ ecosystem, purl, ...rest });

  describeFile(scenario, { lockfiles: [right], before: () => [], verdict: 'locked' });

  it('with one other byte is a mismatch of what was published, which cannot make good what the lockfile says', async () => {
    expect(await recogniseAll([scenario.index(url, content), bad])).toMatchObject([
      is({ verdict: 'mismatch' }),
    ]);
    expect(await recogniseAll([scenario.index(url, scenario.tampered), bad], [right])).toMatchObject([
      is({ verdict: 'mismatch' }),
    ]);
  });

  it('that the lockfile does not name is unlocked, also where it is published', async () => {
    expect(await recogniseAll([file], [other])).toMatchObject([is({ verdict: 'unlocked' })]);
    expect(await recogniseAll([scenario.index(url, content), file], [other])).toMatchObject([
      is({ verdict: 'unlocked' }),
    ]);
  });

  it('without a lockfile is published or unchecked', async () => {
    expect(await recogniseAll([scenario.index(url, content), file])).toMatchObject([
      is({ verdict: 'published' }),
    ]);
    expect(await recogniseAll([file])).toMatchObject([is({ verdict: 'unchecked' })]);
  });
});

describe('an image', async () => {
  const right = await lock('Dockerfile', `FROM r.example/team/app:1@${imageId(manifest)}\n`);
  const other = await lock('Dockerfile', `FROM r.example/team/app:1@${imageId(imageIndex)}\n`);
  const file: Fed = { url: `https://r.example${image.path}`, body: manifest, headers: image.headers ?? {} };
  const { purl } = image;

  describeFile(image, { lockfiles: [right], before: () => [], verdict: 'locked' });
  describe('without a lockfile', () => {
    describeFile(image, { lockfiles: [], before: () => [], verdict: 'published' });
  });

  it('that the lockfile does not name is unlocked, whatever its URL says', async () => {
    expect(await recogniseAll([file], [other])).toMatchObject([{ purl, verdict: 'unlocked' }]);
  });
});

describe('a Debian package', () => {
  const base = 'https://r.example';
  const { purl, path, content, tampered } = debianPackage;
  const file: Fed = { url: base + path, body: content };
  const bad: Fed = { ...file, body: tampered };

  describeFile(debianPackage, {
    lockfiles: [],
    before: (root) => debianIndex(root, debianPackages()),
    verdict: 'published',
  });

  it('is not made good by an index that its Release contradicts, and has no name of it', async () => {
    const lie = debianPackages(tampered, 'Package: other\nVersion: 9\nArchitecture: all\n');
    expect(await recogniseAll([...debianIndex(base, lie, debianPackages()), bad])).toMatchObject([
      { purl: 'pkg:deb/tool-x@2:1.5-1?arch=amd64', identifiedBy: 'embedded', verdict: 'not-comparable' },
    ]);
  });

  it('has no vendor where the index is not one that the Release lists', async () => {
    const [release, index] = debianIndex(base, debianPackages()) as [Fed, Fed];
    const unlisted = { ...index, url: index.url.replace('/main/', '/other/') };
    expect(await recogniseAll([release, unlisted, file])).toMatchObject([
      { purl: 'pkg:deb/tool-x@2:1.5-1?arch=amd64', identifiedBy: 'index', verdict: 'published' },
    ]);
  });

  it('that no index names has no vendor', async () => {
    const elsewhere = { ...file, url: `${base}/pool/main/t/tool-x/tool-x_1.6-1_amd64.deb` };
    expect(await recogniseAll([...debianIndex(base, debianPackages()), elsewhere])).toMatchObject([
      { purl: 'pkg:deb/tool-x@2:1.5-1?arch=amd64', identifiedBy: 'embedded', verdict: 'unchecked' },
    ]);
  });

  it.each<[string, Partial<Fed>]>([
    ['ranged', { status: 206 }],
    ['cut short', { complete: false }],
    ['not modified', { status: 304, body: '' }],
    ['only asked about', { method: 'HEAD', body: '' }],
    ['refused', { status: 403 }],
  ])('is not named by an index that was %s', async (_how, change) => {
    const [release, index] = debianIndex(base, debianPackages());
    expect(await recogniseAll([release as Fed, { ...(index as Fed), ...change }, file])).toMatchObject([
      { purl: 'pkg:deb/tool-x@2:1.5-1?arch=amd64', identifiedBy: 'embedded', verdict: 'unchecked' },
    ]);
    // Without the Release, the index has no vendor.
    expect(await recogniseAll([{ ...(release as Fed), ...change }, index as Fed, file])).toMatchObject([
      { purl: 'pkg:deb/tool-x@2:1.5-1?arch=amd64', identifiedBy: 'index', verdict: 'published' },
    ]);
  });

  it('is named by an index that came encoded, or by way of a redirect', async () => {
    const [release, index] = debianIndex(base, debianPackages()) as [Fed, Fed];
    const store = 'https://store.example/o/1?X-Signature=abc';
    const encoded = gzipSync(Buffer.from(index.body ?? ''));
    for (const way of [
      [{ ...index, encoded, headers: { 'content-encoding': 'gzip' } }],
      [
        { ...index, status: 302, headers: { location: store } },
        { ...index, url: store },
      ],
    ]) {
      expect(await recogniseAll([release, ...way, file])).toMatchObject([{ purl, verdict: 'published' }]);
      expect(await recogniseAll([release, ...way, bad])).toMatchObject([{ purl, verdict: 'mismatch' }]);
    }
  });
});
