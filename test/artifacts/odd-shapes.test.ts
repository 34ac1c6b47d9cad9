import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createZip } from '../helpers/registries/archives/zip.ts';
import { decoding, recogniseAll, type Fed } from './feed.ts';

const body = gzipSync('the bytes of an archive');

async function purlsOf(path: string) {
  const artifacts = await recogniseAll([{ url: `https://r.example${path}`, body }]);
  return artifacts.map(({ purl, identifiedBy }) => (purl?.startsWith('pkg:generic') ? identifiedBy : purl));
}

it.each([
  ['/api/v4/projects/1/packages/generic/tool/1.0/tool-1.0.tar.gz'],
  ['/api/v4/projects/1/packages/helm/stable/charts/tool-1.0.tgz'],
  ['/packages/archive/tool/1.0/tool-1.0.tar.gz'],
  ['/packages/tool-1.0.tar.gz'],
  ['/packages/generic/o/other/tool-1.0.tar.gz'],
  ['/dl/foo-bar-1.0-py3-none-any.whl'],
])('%s is no package of Python', async (path) => {
  expect(await purlsOf(path)).toEqual(['guess']);
});

it.each([
  ['/repository/py/packages/tool/1.0/tool-1.0.tar.gz'],
  ['/packages/source/t/tool/tool-1.0.tar.gz'],
  [`/api/v4/projects/1/packages/pypi/files/${'a'.repeat(64)}/tool-1.0.tar.gz`],
  [`/root/pypi/+f/abc/${'a'.repeat(13)}/tool-1.0.tar.gz`],
])('%s is one', async (path) => {
  expect(await purlsOf(path)).toEqual(['pkg:pypi/tool@1.0?file_name=tool-1.0.tar.gz']);
});

it.each(['/repository/com/example/lib/1.0/lib-1.0.jar', '/maven/2/com/example/lib/1.0/lib-1.0.jar'])(
  '%s has no group that is certain',
  async (path) => {
    expect(await purlsOf(path)).toEqual([null]);
  },
);

it('a name that was encoded twice is no package of npm', async () => {
  expect(await purlsOf('/%2540s%252fpad/-/%2540s%252fpad-1.0.0.tgz')).toEqual(['guess']);
});

it('what an index names is known, however a client escapes it', async () => {
  const file = 'x-1.0+cpu-py3-none-any.whl';
  for (const [listed, asked] of [
    [file, file.replace('+', '%2B')],
    [file.replace('+', '%2b'), file],
  ]) {
    const sha256 = createHash('sha256').update(body).digest('hex');
    const index: Fed = {
      url: 'https://r.example/simple/x/',
      headers: { 'content-type': 'text/html' },
      body: `<a href="../../whl/${listed ?? ''}#sha256=${sha256}">x</a>`,
    };
    expect(await recogniseAll([index, { url: `https://r.example/whl/${asked ?? ''}`, body }])).toMatchObject([
      { verdict: 'published', identifiedBy: 'index' },
    ]);
  }
});

describe('a page in the place of an archive', () => {
  const places = [
    '/x/-/x-1.0.0.tgz',
    `/packages/ab/cd/${'0'.repeat(60)}/x-1.0.0-py3-none-any.whl`,
    '/crates/x/1.0.0/download',
    '/maven2/com/example/x/1.0/x-1.0.jar',
    '/o/x/archive/refs/tags/v1.zip',
  ];
  const pages = ['\n<!DOCTYPE html><p>Sign in', '\ufeff<html>', '{"error":"not here"}', ''];

  it.each(places)('at %s is no artifact', async (path) => {
    for (const page of pages) {
      for (const type of ['text/html', 'application/octet-stream']) {
        const headers = { 'content-type': type };
        expect(await recogniseAll([{ url: `https://r.example${path}`, body: page, headers }])).toEqual([]);
      }
    }
  });

  it('is none where a redirect led to it, or an index named its URL', async () => {
    const url = 'https://r.example/x/-/x-1.0.0.tgz';
    const signIn = 'https://r.example/login';
    expect(
      await recogniseAll([
        { url, status: 302, headers: { location: signIn } },
        { url: signIn, body: pages[0] ?? '', headers: { 'content-type': 'text/html' } },
      ]),
    ).toEqual([]);
    const opaque = 'https://r.example/opaque';
    expect(
      await recogniseAll([
        {
          url: 'https://r.example/x',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'x', versions: { '1.0.0': { dist: { tarball: opaque } } } }),
        },
        { url: opaque, body: pages[0] ?? '' },
      ]),
    ).toEqual([]);
  });

  it('is told where other bytes were expected', async () => {
    const expected = [{ algorithm: 'sha256' as const, value: 'a'.repeat(64) }];
    const entries = [{ name: 'x', version: '1.0.0', line: 1, expected }];
    expect(
      await recogniseAll(
        [{ url: 'https://r.example/x/-/x-1.0.0.tgz', body: pages[0] ?? '' }],
        [{ path: 'lock', ecosystem: 'npm', entries }],
      ),
    ).toMatchObject([{ verdict: 'mismatch' }]);
  });
});

describe('a redirect', () => {
  const first = 'https://r.example/x/-/x-1.0.0.tgz';
  const second = 'https://r.example/x/-/x-2.0.0.tgz';
  const redirect = (to: string): Fed => ({ url: first, status: 302, headers: { location: to } });

  it('to another package brings that one', async () => {
    expect(await recogniseAll([redirect(second), { url: second, body }])).toMatchObject([
      { purl: 'pkg:npm/x@2.0.0', urls: [first, second], exchangeIds: ['x1', 'x2'] },
    ]);
  });

  it('does not name what is asked for itself later', async () => {
    const artifacts = await recogniseAll([
      redirect(second),
      { url: second, body },
      { url: second, body: gzipSync('other') },
    ]);
    expect(artifacts[1]).toMatchObject({ purl: 'pkg:npm/x@2.0.0', urls: [second], exchangeIds: ['x3'] });
  });

  it('does not name another file of the same path', async () => {
    const store = 'https://store.example/get?file=';
    const artifacts = await recogniseAll([
      redirect(`${store}1&token=a%2Fb`),
      { url: `${store}2`, body: gzipSync('other') },
      { url: `${store}1&token=a/b`, body },
    ]);
    expect(artifacts.map(({ purl, name }) => (purl?.startsWith('pkg:npm') ? purl : name))).toEqual([
      'get',
      'pkg:npm/x@1.0.0',
    ]);
  });
});

describe('a Go module', () => {
  const zipOf = (module: string): Buffer =>
    createZip({
      [`${module}@v1.0.0/go.mod`]: `module ${module}\n`,
      [`${module}@v1.0.0/a.go`]: 'package a\n',
    });
  const fetched = async (path: string, module: string) => {
    const [artifact] = await recogniseAll([
      { url: `https://r.example${path}/@v/v1.0.0.zip`, body: zipOf(module) },
    ]);
    return artifact === undefined ? undefined : [artifact.purl, artifact.name, artifact.identifiedBy];
  };

  it.each([
    ['/artifactory/api/go/Go.Virtual/forge.example/!some/mod', 'forge.example/Some/mod'],
    ['/go/corp/lib', 'corp/lib'],
    ['/go/lib', 'lib'],
  ])('at %s is named by its zip', async (path, module) => {
    expect(await fetched(path, module)).toEqual([
      `pkg:golang/${module.toLowerCase()}@v1.0.0`,
      module,
      'embedded',
    ]);
  });

  it('is none whose zip is of another module, or a page', async () => {
    expect(await fetched('/forge.example/a', 'forge.example/b')).toBeUndefined();
    expect(await fetched('/forge.example/ab', 'b')).toBeUndefined();
    const page = { url: 'https://r.example/forge.example/a/@v/v1.0.0.zip', body: '<html>' };
    expect(await recogniseAll([page])).toEqual([]);
  });
});

describe('a Cargo registry with a place of its own for files', () => {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const index = 'https://r.example/index/';
  const release = `${JSON.stringify({ name: 'My_crate', vers: '1.0.0+x', cksum: sha256 })}\n`;
  const fetchFrom = async (dl: string, url: string) =>
    recogniseAll([
      {
        url: `${index}config.json`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ dl }),
      },
      { url: `${index}my/_c/my_crate`, headers: { 'content-type': 'application/json' }, body: release },
      { url, body },
    ]);

  it.each([
    [
      'https://files.example/{prefix}/{crate}-{version}.bin',
      'https://files.example/My/_c/My_crate-1.0.0+x.bin',
    ],
    [
      'https://files.example/{lowerprefix}/{crate}/{version}',
      'https://files.example/my/_c/My_crate/1.0.0%2Bx',
    ],
    ['https://files.example/{sha256-checksum}', `https://files.example/${sha256}`],
    ['https://files.example/dl', 'https://files.example/dl/My_crate/1.0.0+x/download'],
  ])('as %s names it', async (dl, url) => {
    expect(await fetchFrom(dl, url)).toMatchObject([
      { purl: 'pkg:cargo/My_crate@1.0.0%2Bx', identifiedBy: 'index', verdict: 'published' },
    ]);
  });

  it('names no file of another version', async () => {
    const [artifact] = await fetchFrom(
      'https://files.example/dl',
      'https://files.example/dl/My_crate/2.0.0/download',
    );
    expect(artifact?.purl).toMatch(/^pkg:generic/);
  });
});

it('a file that is called encoded but is compressed in itself is the form of it that its client stores', async () => {
  const tar = Buffer.from('a tar');
  const tgz = gzipSync(tar);
  const hash = (of: Buffer) => createHash('sha256').update(of).digest('hex');
  const lock = (of: Buffer) => ({
    ...{ path: 'lock', ecosystem: 'npm' },
    entries: [
      { name: 'x', version: '1.0.0', line: 1, expected: [{ algorithm: 'sha256' as const, value: hash(of) }] },
    ],
  });
  const fetched: Fed = {
    ...{ url: 'https://r.example/x/-/x-1.0.0.tgz', body: tar, encoded: tgz },
    headers: { 'content-encoding': 'gzip' },
  };
  const asIs: Fed = { ...fetched, requestHeaders: { 'user-agent': 'curl/7.88.1' } };
  const [whole] = await recogniseAll([asIs], [lock(tgz)]);
  expect(whole).toMatchObject({ verdict: 'locked', digests: { sha256: hash(tgz) }, size: tgz.length });
  expect(whole?.encoded).toBeUndefined();
  expect(await recogniseAll([{ ...fetched, requestHeaders: decoding }], [lock(tar)])).toMatchObject([
    { verdict: 'locked', digests: { sha256: hash(tar) }, encoded: { size: tgz.length } },
  ]);
  for (const locked of [tar, tgz]) {
    expect(await recogniseAll([fetched], [lock(locked)])).toMatchObject([
      { verdict: 'not-comparable', reason: 'stored-form', digests: { sha256: hash(locked) } },
    ]);
  }
});

it('an index does not rename a package that its URL names itself', async () => {
  const packument = (name: string): Fed => ({
    url: `https://r.example/${name}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name,
      versions: { '9.0.0': { dist: { tarball: 'https://r.example/x/-/x-1.0.0.tgz' } } },
    }),
  });
  const fetched: Fed = { url: 'https://r.example/x/-/x-1.0.0.tgz', body };
  expect(await recogniseAll([packument('evil'), fetched])).toMatchObject([{ purl: 'pkg:npm/x@1.0.0' }]);
  // Of its own package the registry knows the version best.
  expect(await recogniseAll([packument('x'), fetched])).toMatchObject([{ purl: 'pkg:npm/x@9.0.0' }]);
});

describe('a download that begins with a few letters of a known kind', () => {
  const padded = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(600, 7)]);
  const program = padded('MZ');
  program.writeUInt32LE(128, 60);
  program.write('PE\0\0', 128, 'latin1');

  it.each([
    ['MZ of no program', padded('MZ'), []],
    ['a program', program, ['binary']],
    ['BZh of no archive', padded('BZh9'), []],
    ['bzip2', padded('BZh91AY&SY'), ['archive']],
    ['bzip2 of nothing', padded('BZh9\x17\x72\x45\x38\x50\x90'), ['archive']],
  ])('is what it is: %s', async (_what, content, classes) => {
    const artifacts = await recogniseAll([{ url: 'https://get.example/data', body: content }]);
    expect(artifacts.map((artifact) => artifact.class)).toEqual(classes);
  });

  it('is none in the tree of a checksum database', async () => {
    for (const path of [
      '/tile/8/0/x259/370',
      '/sumdb/sum.example/tile/8/1/271.p/58',
      '/tile/8/data/x001/002',
    ]) {
      expect(await recogniseAll([{ url: `https://sum.example${path}`, body: gzipSync('x') }])).toEqual([]);
    }
  });
});
