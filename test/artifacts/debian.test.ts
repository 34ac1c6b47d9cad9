import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createAr } from '../helpers/registries/archives/ar.ts';
import { createTar } from '../helpers/registries/archives/tar.ts';
import { recogniseAll, type Fed } from './feed.ts';

const sha256 = (of: Buffer | string): string => createHash('sha256').update(of).digest('hex');
/** What apt and dpkg read. */
const compress = {
  '': (bytes: Buffer) => bytes,
  '.gz': (bytes: Buffer) => gzipSync(bytes),
  '.xz': (bytes: Buffer) => execFileSync('xz', ['-c'], { input: bytes }),
  '.zst': storeInZstd,
};

/** A zstd frame of stored blocks (RFC 8878 3.1.1). */
function storeInZstd(bytes: Buffer): Buffer {
  const header = Buffer.from('28b52ffda000000000', 'hex');
  header.writeUInt32LE(bytes.length, 5);
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 100_000) {
    const block = bytes.subarray(at, at + 100_000);
    const blockHeader = Buffer.alloc(3);
    blockHeader.writeUIntLE(block.length * 8 + (at + block.length === bytes.length ? 1 : 0), 0, 3);
    blocks.push(blockHeader, block);
  }
  return Buffer.concat([header, ...blocks]);
}

const control = `Package: libtool-x
Source: tool-x (1.5)
Version: 2:1.5-1+b2
Architecture: amd64
Description: a tool
 with more lines
 .
 Version: 0
`;
const createDeb = (extension: keyof typeof compress = '.gz', more = ''): Buffer =>
  createAr({
    'debian-binary': '2.0\n',
    [`control.tar${extension}`]: compress[extension](
      createTar({ './md5sums': 'x'.repeat(3000), './control': control }),
    ),
    'data.tar': createTar({ './usr/share/x': more }),
  });
const deb = createDeb();
const path = 'pool/main/t/tool-x/libtool-x_1.5-1+b2_amd64.deb';
const root = 'http://mirror.example/some/debian/';
const fetched: Fed = { url: root + path, body: deb };
const stanza = `${control}Filename: ${path}\nSize: ${deb.length}\nMD5sum: 0\nSHA256: ${sha256(deb)}\n\n`;
const packages = Buffer.from(`Package: other\nVersion: 1\nFilename: pool/o_1_all.deb\n\n${stanza}`);

const releaseOf = (listed: Readonly<Record<string, Buffer>>, fields = 'Origin: Debian\nCodename: trixie\n') =>
  `${fields}MD5Sum:\n 0 0 main/binary-amd64/Packages\nSHA256:\n${Object.entries(listed)
    .map(([name, bytes]) => ` ${sha256(bytes)} ${String(bytes.length).padStart(9)} ${name}\n`)
    .join('')}Acquire-By-Hash: yes\n`;
const signed = (text: string): string =>
  `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${text}-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n`;
const dists = `${root}dists/trixie/`;
const purl = 'pkg:deb/debian/libtool-x@2:1.5-1%2Bb2?arch=amd64&distro=trixie';
/** Of which nothing says whose it is. */
const bare = 'pkg:deb/libtool-x@2:1.5-1%2Bb2?arch=amd64';

describe('a package of an index', () => {
  it.each(Object.keys(compress) as (keyof typeof compress)[])(
    'Packages%s is named by it',
    async (extension) => {
      const index = compress[extension](packages);
      const name = `main/binary-amd64/Packages${extension}`;
      const release = { url: `${dists}InRelease`, body: signed(releaseOf({ [name]: index })) };
      const artifacts = await recogniseAll([release, { url: dists + name, body: index }, fetched]);
      expect(artifacts).toMatchObject([
        {
          ...{ class: 'package', ecosystem: 'deb', name: 'libtool-x', version: '2:1.5-1+b2', purl },
          ...{ fileName: 'libtool-x_1.5-1+b2_amd64.deb', identifiedBy: 'index', verdict: 'published' },
          expected: [
            {
              ...{ source: 'index', from: dists + name, listedIn: release.url },
              ...{ algorithm: 'sha256', value: sha256(deb), result: 'match' },
            },
          ],
        },
      ]);
    },
  );

  const index = compress['.xz'](packages);
  const name = 'main/binary-amd64/Packages.xz';
  const hashes = ['SHA256', 'SHA512'].map((name) => {
    const digest = createHash(name.toLowerCase()).update(index).digest('hex');
    return `${dists}main/binary-amd64/by-hash/${name}/${digest}`;
  });

  it.each(hashes)('that was fetched by its hash is named by it: %s', async (byHash) => {
    const release = { url: `${dists}Release`, body: releaseOf({ [name]: index }) };
    expect(await recogniseAll([release, { url: byHash, body: index }, fetched])).toMatchObject([
      { purl, verdict: 'published', expected: [{ from: byHash, listedIn: release.url }] },
    ]);
  });

  it('with other bytes is a mismatch', async () => {
    const release = { url: `${dists}InRelease`, body: signed(releaseOf({ [name]: index })) };
    const body = createDeb('.gz', 'other');
    for (const bytes of [body, 'no package at all']) {
      const artifacts = await recogniseAll([
        release,
        { url: dists + name, body: index },
        { ...fetched, body: bytes },
      ]);
      expect(artifacts).toMatchObject([{ purl, verdict: 'mismatch' }]);
    }
  });

  it('that is not the one of its Release proves nothing', async () => {
    const release = { url: `${dists}InRelease`, body: signed(releaseOf({ [name]: Buffer.from('other') })) };
    const [artifact] = await recogniseAll([release, { url: dists + name, body: index }, fetched]);
    expect(artifact).toMatchObject({ verdict: 'not-comparable', expected: [{ result: 'not-comparable' }] });
    expect(artifact?.expected[0]).not.toHaveProperty('listedIn');
  });

  it('without a Release has a package URL without a vendor', async () => {
    const artifacts = await recogniseAll([{ url: dists + name, body: index }, fetched]);
    expect(artifacts).toMatchObject([{ version: '2:1.5-1+b2', purl: bare, identifiedBy: 'index' }]);
  });

  it.each([
    ['Origin: Debian Backports\nSuite: stable-backports\nCodename: trixie-backports\n', 'debian', 'trixie'],
    ['Origin: Ubuntu\nSuite: noble-security\nCodename: noble\n', 'ubuntu', 'noble'],
    ['Origin: Example Inc.\nSuite: stable\n', 'example%20inc.', 'stable'],
  ])('is of the vendor and the distribution: %j', async (fields, vendor, distribution) => {
    const release = { url: `${dists}InRelease`, body: signed(releaseOf({ [name]: index }, fields)) };
    expect(await recogniseAll([release, { url: dists + name, body: index }, fetched])).toMatchObject([
      { purl: `pkg:deb/${vendor}/libtool-x@2:1.5-1%2Bb2?arch=amd64&distro=${distribution}` },
    ]);
  });

  it('is known by the URL that was asked for when a redirect leads elsewhere', async () => {
    const release = { url: `${dists}InRelease`, body: signed(releaseOf({ [name]: index })) };
    const store = 'https://store.example/1a2b?X-Signature=abc';
    const redirect = { url: root + path, status: 302, headers: { location: store } };
    const answers = [release, { url: dists + name, body: index }, redirect, { url: store, body: deb }];
    expect(await recogniseAll(answers)).toMatchObject([{ purl, exchangeIds: ['x3', 'x4'] }]);
  });

  it('of a repository without dists is found below the index, or beside it', async () => {
    const flat = Buffer.from(stanza.replace(path, './x/libtool-x_1.5-1+b2_amd64.deb'));
    for (const where of ['', 'sub/']) {
      const from = `https://flat.example/repo/${where}`;
      const release = { url: `${from}Release`, body: releaseOf({ Packages: flat }) };
      const file = { ...fetched, url: 'https://flat.example/repo/x/libtool-x_1.5-1+b2_amd64.deb' };
      expect(await recogniseAll([release, { url: `${from}Packages`, body: flat }, file])).toMatchObject([
        { purl, verdict: 'published', expected: [{ listedIn: release.url }] },
      ]);
    }
  });

  it('is not named by the index of another host or repository', async () => {
    for (const url of [`http://other.example/some/debian/${path}`, `http://mirror.example/other/${path}`]) {
      const artifacts = await recogniseAll([
        { url: dists + name, body: index },
        { ...fetched, url },
      ]);
      expect(artifacts).toMatchObject([{ identifiedBy: 'embedded', verdict: 'unchecked' }]);
    }
  });
});

describe('a package on its own', () => {
  it.each(Object.keys(compress) as (keyof typeof compress)[])(
    'is named by what is in it (control.tar%s)',
    async (extension) => {
      const body = createDeb(extension, 'x'.repeat(400_000));
      const url = 'https://get.example/download/tool_latest_amd64.deb';
      expect(await recogniseAll([{ url, body }])).toMatchObject([
        {
          ...{ name: 'libtool-x', version: '2:1.5-1+b2', purl: bare, identifiedBy: 'embedded' },
          ...{ verdict: 'unchecked', fileName: 'tool_latest_amd64.deb' },
        },
      ]);
    },
  );

  it('that cannot be read is named by its file alone, without a version', async () => {
    const body = createAr({
      'debian-binary': '2.0\n',
      'control.tar.xz': Buffer.from('fd377a585a0000', 'hex'),
    });
    expect(await recogniseAll([{ ...fetched, body }])).toMatchObject([
      { name: 'libtool-x', version: null, purl: null, identifiedBy: 'path' },
    ]);
  });

  it('that is none is not claimed', async () => {
    expect(await recogniseAll([{ ...fetched, body: '<html>' }])).toEqual([]);
  });
});

describe('a source package', () => {
  const tarball = gzipSync('x');
  const changes = gzipSync('y');
  const list = (files: Readonly<Record<string, Buffer>>): string =>
    Object.entries(files)
      .map(([name, bytes]) => `\n ${sha256(bytes)} ${bytes.length} ${name}`)
      .join('');
  const parts = { 'tool-x_1.5.orig.tar.gz': tarball, 'tool-x_1.5-1.debian.tar.gz': changes };
  const dsc = Buffer.from(
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nFormat: 3.0 (quilt)\nSource: tool-x\nVersion: 2:1.5-1\nChecksums-Sha256:${list(parts)}\nFiles:\n x\n`,
  );
  const files = { 'tool-x_1.5-1.dsc': dsc, ...parts };
  const folder = 'pool/main/t/tool-x';
  const sources = Buffer.from(
    `Package: tool-x\nVersion: 2:1.5-1\nArchitecture: any\nDirectory: ${folder}\nChecksums-Sha256:${list(files)}\n`,
  );
  const below = (where: string) => Object.entries(files).map(([name, body]) => ({ url: where + name, body }));
  const exchanges = below(`${root}${folder}/`);
  const ownName = (name: string) => `&file_name=${name}`;

  it('is its description; its other files are of the same version', async () => {
    const release = { url: `${dists}InRelease`, body: signed(releaseOf({ 'main/source/Sources': sources })) };
    const index = { url: `${dists}main/source/Sources`, body: sources };
    const of = 'pkg:deb/debian/tool-x@2:1.5-1?arch=source&distro=trixie';
    const artifacts = await recogniseAll([release, index, ...exchanges]);
    expect(artifacts.map(({ purl: one }) => one)).toEqual([
      of,
      ...Object.keys(parts).map((name) => of + ownName(name)),
    ]);
    for (const artifact of artifacts)
      expect(artifact).toMatchObject({ version: '2:1.5-1', identifiedBy: 'index', verdict: 'published' });
  });

  it.each([
    ['of a pool', `${root}${folder}/`],
    ['of any folder', 'https://get.example/some/'],
  ])('%s without an index is named by its description, and so are its other files', async (_where, url) => {
    const of = 'pkg:deb/tool-x@2:1.5-1?arch=source';
    const all = below(url);
    const [description, ...others] = await recogniseAll(all);
    expect(description).toMatchObject({
      purl: of,
      version: '2:1.5-1',
      identifiedBy: 'embedded',
      verdict: 'unchecked',
    });
    expect(others).toMatchObject(
      Object.keys(parts).map((name) => ({
        ...{ name: 'tool-x', version: '2:1.5-1', purl: of + ownName(name), identifiedBy: 'index' },
        ...{ verdict: 'published', expected: [{ source: 'sidecar', from: all[0]?.url, result: 'match' }] },
      })),
    );
    const [, changed] = await recogniseAll(
      all.map((one, at) => (at === 1 ? { ...one, body: gzipSync('z') } : one)),
    );
    expect(changed).toMatchObject({ verdict: 'mismatch' });
  });

  it('is checked by its description, whenever that comes', async () => {
    const [last, first] = exchanges as [Fed, Fed];
    for (const [body, verdict] of [
      [tarball, 'published'],
      [gzipSync('z'), 'mismatch'],
    ] as const)
      expect((await recogniseAll([{ ...first, body }, last]))[0]).toMatchObject({ name: 'tool-x', verdict });
  });

  it('is not claimed for any file of such a name', async () => {
    expect(await recogniseAll([{ url: 'https://get.example/x.dsc', body: 'Version: 1\n' }])).toEqual([]);
  });
});

it.each<Fed>([
  { url: `${dists}InRelease`, body: signed(releaseOf({})) },
  { url: `${dists}Release.gpg`, body: 'x' },
  { url: `${dists}main/i18n/Translation-en.xz`, body: compress['.xz'](packages) },
  { url: `${dists}main/Contents-amd64.gz`, body: gzipSync(packages) },
  { url: `${dists}main/binary-amd64/Packages.diff/T-2026-01-01-0000.00-F-2026.gz`, body: gzipSync('1d') },
  { url: `${dists}main/dep11/Components-amd64.yml.gz`, body: gzipSync('x') },
  { ...fetched, status: 206 },
  { ...fetched, status: 304 },
  { ...fetched, complete: false },
])('$url ($status) brings no artifact', async (exchange) => {
  expect(await recogniseAll([exchange])).toEqual([]);
});
