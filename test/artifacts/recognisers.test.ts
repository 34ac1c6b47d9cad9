import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createZip } from '../helpers/registries/archives/zip.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import { recogniseAll, type Fed } from './feed.ts';

const bytes = Buffer.from('the bytes of an artifact');
const sha = (algorithm: string, of: Buffer | string = bytes): string =>
  createHash(algorithm).update(of).digest('hex');
const html = { 'content-type': 'text/html; charset=UTF-8' };

/** Every path shape, at its own place and behind a mirror's prefix. */
const shapes: readonly (readonly [string, Partial<Artifact>])[] = [
  ['/left-pad/-/left-pad-1.3.0.tgz', { purl: 'pkg:npm/left-pad@1.3.0' }],
  ['/foo-2/-/foo-2-1.0.0-beta-1.tgz', { purl: 'pkg:npm/foo-2@1.0.0-beta-1' }],
  ['/%40s%2fpad/-/pad-1.0.0.tgz', { purl: 'pkg:npm/%40s/pad@1.0.0' }],
  ['/@s/pad/-/@s/pad-1.0.0.tgz', { purl: 'pkg:npm/%40s/pad@1.0.0' }],
  [
    `/packages/ab/cd/${'0'.repeat(60)}/Some_Project-1.0.0%2Blocal-py3-none-any.whl`,
    { purl: 'pkg:pypi/some-project@1.0.0%2Blocal?file_name=Some_Project-1.0.0%2Blocal-py3-none-any.whl' },
  ],
  [
    `/packages/ab/cd/${'0'.repeat(60)}/some_project-1.0.0.tar.gz`,
    { purl: 'pkg:pypi/some-project@1.0.0?file_name=some_project-1.0.0.tar.gz' },
  ],
  ['/crates/itoa/1.0.0/download', { purl: 'pkg:cargo/itoa@1.0.0' }],
  ['/api/v1/crates/itoa/1.0.0+meta/download', { purl: 'pkg:cargo/itoa@1.0.0%2Bmeta' }],
  ['/crates/itoa-utils/itoa-utils-1.0.0.crate', { purl: 'pkg:cargo/itoa-utils@1.0.0' }],
  [
    '/maven2/org/apache/maven/plugins/maven-jar-plugin/3.0.0/maven-jar-plugin-3.0.0.jar',
    { purl: 'pkg:maven/org.apache.maven.plugins/maven-jar-plugin@3.0.0' },
  ],
  [
    '/repository/maven-public/com/example/lib/1.0/lib-1.0-sources.jar',
    { purl: 'pkg:maven/com.example/lib@1.0?classifier=sources' },
  ],
  ['/maven2/com/example/lib/1.0/lib-1.0.pom', { purl: 'pkg:maven/com.example/lib@1.0?type=pom' }],
  [
    '/maven2/com/example/lib/1.0-SNAPSHOT/lib-1.0-20240102.030405-6-tests.jar',
    { purl: 'pkg:maven/com.example/lib@1.0-SNAPSHOT?classifier=tests' },
  ],
  // Behind an unknown prefix the group's first segment is not known: no purl rather than a wrong one.
  ['/any/where/com/example/lib/1.0/lib-1.0.jar', { purl: null, identifiedBy: 'guess' }],
];

describe('by its path', () => {
  it.each(shapes)('%s is named', async (path, expected) => {
    const [artifact, ...others] = await recogniseAll([{ url: `https://r.example${path}`, body: bytes }]);
    expect(others).toEqual([]);
    expect(artifact).toMatchObject({ digests: { sha256: sha('sha256') }, ...expected });
  });

  it.each(
    shapes.filter(
      ([, { ecosystem, purl }]) => ecosystem !== 'maven' && !purl?.startsWith('pkg:maven') && purl !== null,
    ),
  )(
    'behind a mirror, %s is named the same, also when a redirect leads to an opaque URL',
    async (path, expected) => {
      const url = `https://mirror.example/artifactory/api/x/remote${path}`;
      expect(await recogniseAll([{ url, body: bytes }])).toMatchObject([expected]);
      const signed = 'https://store.example/1a2b?X-Signature=abc';
      const redirected = await recogniseAll([
        { url, status: 302, headers: { location: signed } },
        { url: signed, body: bytes },
      ]);
      expect(redirected).toMatchObject([{ ...expected, exchangeIds: ['x1', 'x2'] }]);
    },
  );

  it.each([
    '/left-pad',
    '/some/page.html',
    '/packages/list.json',
    '/simple/project/',
    '/x/@v/v1.0.0.info',
    '/example.com/m/@v/v1.0.0.mod',
    '/example.com/m/@latest',
    '/maven2/com/example/lib/maven-metadata.xml',
    '/maven2/com/example/lib/1.0/lib-1.0.jar.sha1',
    '/maven2/com/example/lib/1.0/lib-2.0.jar',
    '/it/oa/itoa',
    '/dists/stable/main/binary-amd64/Packages.gz',
    '/download/name-1.0.tar.gz',
  ])('%s is no artifact, whatever its text', async (path) => {
    expect(await recogniseAll([{ url: `https://r.example${path}`, body: 'text', headers: html }])).toEqual(
      [],
    );
  });
});

describe('a Python index', () => {
  const file = 'https://files.example/blob/old-name-1.0-1.zip';
  const rest: Fed = { url: file, body: bytes };
  it.each<[string, Fed]>([
    [
      'of HTML',
      {
        url: 'https://r.example/pypi/simple/old-name/',
        headers: html,
        body: `<a data-x="1" href="${file}#sha256=${sha('sha256')}" data-y='a&gt;b'>old-name-1.0-1.zip</a>`,
      },
    ],
    [
      'of HTML with a base',
      {
        url: 'https://r.example/pypi/simple/old-name/',
        headers: html,
        body: `<base href="https://files.example/"><a href="blob/old-name-1.0-1.zip#sha256=${sha('sha256')}">x</a>`,
      },
    ],
    [
      'of JSON',
      {
        url: 'https://r.example/root/pypi/+simple/Old.Name',
        headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
        body: JSON.stringify({ files: [{ url: file, filename: 'x', hashes: { sha256: sha('sha256') } }] }),
      },
    ],
  ])('%s names its files, and says their digests', async (_name, index) => {
    expect(await recogniseAll([index, rest])).toMatchObject([
      {
        purl: 'pkg:pypi/old-name@1.0-1?file_name=old-name-1.0-1.zip',
        ...{ identifiedBy: 'index', verdict: 'published' },
      },
    ]);
    expect(await recogniseAll([index, { ...rest, body: 'other' }])).toMatchObject([{ verdict: 'mismatch' }]);
  });
});

it("Cargo's index says the checksum of a crate", async () => {
  const index: Fed = {
    url: 'https://r.example/index/it/oa/itoa',
    body: `{"name":"itoa","vers":"1.0.0","cksum":"${sha('sha256')}"}\n{"name":"itoa","vers":"1.0.1","cksum":"x"}\n`,
  };
  const crate: Fed = { url: 'https://r.example/crates/itoa/1.0.0/download', body: bytes };
  expect(await recogniseAll([index, crate])).toMatchObject([{ verdict: 'published' }]);
});

describe('a Go module', () => {
  const module = 'forge.example/Some/Mod';
  const files = { 'go.mod': `module ${module}\n`, 'a/b.go': 'package b\n' };
  const zip = createZip(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`${module}@v1.0.0/${name}`, text])),
  );
  const lines = Object.entries(files).map(
    ([name, text]) => `${sha('sha256', text)}  ${module}@v1.0.0/${name}\n`,
  );
  const h1 = createHash('sha256')
    .update([...lines].sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join(''))
    .digest('base64');
  const fetched: Fed = {
    url: 'https://proxy.example/mirror/forge.example/!some/!mod/@v/v1.0.0.zip',
    body: zip,
  };
  const locked = (value: string) => ({
    path: 'go.sum',
    ecosystem: 'golang',
    entries: [{ name: module, version: 'v1.0.0', line: 1, expected: [{ algorithm: 'h1' as const, value }] }],
  });

  it('is checked by the digest of the files within', async () => {
    expect(await recogniseAll([fetched], [locked(h1)])).toMatchObject([
      {
        name: module,
        purl: 'pkg:golang/forge.example/some/mod@v1.0.0',
        ...{ verdict: 'locked', identifiedBy: 'embedded', digests: { h1 } },
      },
    ]);
    const other = createHash('sha256').update('other').digest('base64');
    expect(await recogniseAll([fetched], [locked(other)])).toMatchObject([{ verdict: 'mismatch' }]);
  });

  it('is known by the checksum database too', async () => {
    const lookup: Fed = {
      url: `https://sum.example/lookup/forge.example/!some/!mod@v1.0.0`,
      body: `1\n${module} v1.0.0 h1:${h1}\n${module} v1.0.0/go.mod h1:${h1}\n\ngo.sum database tree\n`,
    };
    expect(await recogniseAll([lookup, fetched])).toMatchObject([{ verdict: 'published' }]);
  });

  it('that is no zip of that module is not claimed to be checked', async () => {
    expect(await recogniseAll([{ ...fetched, body: 'no zip' }], [locked(h1)])).toMatchObject([
      { verdict: 'not-comparable' },
    ]);
    const stranger = createZip({ 'other@v1.0.0/go.mod': 'module other\n' });
    expect(await recogniseAll([{ ...fetched, body: stranger }])).toEqual([]);
  });
});

describe('a file of a Maven repository', () => {
  const jar = 'https://r.example/maven2/com/example/lib/1.0/lib-1.0.jar';
  it.each([
    ['sha1', sha('sha1')],
    ['md5', `${sha('md5').toUpperCase()}  lib-1.0.jar`],
    ['sha512', sha('sha512')],
  ])('is checked by its sidecar .%s, which comes after it', async (extension, text) => {
    const exchanges = [
      { url: jar, body: bytes },
      { url: `${jar}.${extension}`, body: text },
    ];
    expect(await recogniseAll(exchanges)).toMatchObject([{ verdict: 'published' }]);
    expect(
      await recogniseAll([{ ...exchanges[0], url: jar, body: 'other' }, ...exchanges.slice(1)]),
    ).toMatchObject([{ verdict: 'mismatch' }]);
  });

  it('is checked by headers', async () => {
    const headers = { 'x-checksum-sha1': sha('sha1') };
    expect(await recogniseAll([{ url: jar, body: bytes, headers }])).toMatchObject([
      { verdict: 'published' },
    ]);
  });
});

describe('the group behind an unknown prefix', () => {
  const folder = 'https://mirror.example/some/where/com/example/lib/1.0/lib-1.0';
  const jar: Fed = { url: `${folder}.jar`, body: bytes };
  const purl = 'pkg:maven/com.example/lib@1.0';
  const own =
    '<!-- <groupId>no</groupId> --><project><dependencies><dependency><groupId>other</groupId></dependency></dependencies><artifactId>lib</artifactId>';
  it.each<[string, Fed]>([
    ['of a POM', { url: `${folder}.pom`, body: `${own}<groupId> com.example </groupId></project>` }],
    [
      "of a POM's parent",
      { url: `${folder}.pom`, body: `${own}<parent><groupId>com.example</groupId></parent></project>` },
    ],
    [
      "of Gradle's metadata",
      { url: `${folder}.module`, body: '{"component":{"group":"com.example","module":"lib"}}' },
    ],
    [
      'of the list of versions',
      {
        url: 'https://mirror.example/some/where/com/example/lib/maven-metadata.xml',
        body: '<metadata><groupId>com.example</groupId><artifactId>lib</artifactId></metadata>',
      },
    ],
  ])('is that %s', async (_name, description) => {
    const other = { url: 'https://mirror.example/some/where/org/x/y/2/y-2-sources.jar', body: 'y' };
    const artifacts = await recogniseAll([description, jar, other]);
    expect(artifacts.filter(({ fileName }) => /jar$/.test(fileName ?? ''))).toMatchObject([
      { purl, name: 'com.example:lib', identifiedBy: 'index' },
      { purl: 'pkg:maven/org.x/y@2?classifier=sources', identifiedBy: 'index' },
    ]);
    for (const { purl: of, identifiedBy, fileName } of artifacts) {
      if (/\.(?:pom|module)$/.test(fileName ?? ''))
        expect([of?.replace(/\?.*/, ''), identifiedBy]).toEqual([purl, 'embedded']);
    }
  });

  it.each([
    `${own}<groupId>where.com</groupId></project>`,
    `${own.replace('lib', 'x')}<groupId>com.example</groupId></project>`,
    `${own}<groupId>.*</groupId></project>`,
    '<project><artifactId>lib</artifactId>',
    'no XML',
  ])('is not that of a POM which its path does not bear out: %s', async (body) => {
    expect(await recogniseAll([{ url: `${folder}.pom`, body }, jar])).toMatchObject([
      { purl: null, identifiedBy: 'guess' },
      { purl: null, identifiedBy: 'guess' },
    ]);
  });

  it('is right where a known prefix has a repository below', async () => {
    const below = 'https://mirror.example/maven2/releases/com/example/lib/1.0/lib-1.0';
    const pom = { url: `${below}.pom`, body: `${own}<groupId>com.example</groupId></project>` };
    const artifacts = await recogniseAll([pom, { ...jar, url: `${below}.jar` }]);
    expect(artifacts.map((artifact) => artifact.purl).sort()).toEqual([purl, `${purl}?type=pom`]);
  });
});

describe('a download of no ecosystem', () => {
  it('is named by what its bytes are, and by what its answer calls it', async () => {
    const url = 'https://get.example/install?token=secret';
    expect(
      await recogniseAll([
        { url, body: '#!/bin/sh\necho hi\n', headers: { 'content-type': 'text/plain' } },
        {
          url: `${url}2`,
          body: gzipSync(bytes),
          headers: { 'content-disposition': 'attachment; filename="../a b.tgz"' },
        },
        { url: 'https://get.example/tool', body: Buffer.from('7f454c460201', 'hex') },
        { url: 'https://get.example/notes.txt', body: 'just text' },
      ]),
    ).toMatchObject([
      { class: 'script', purl: 'pkg:generic/install?download_url=https:%2F%2Fget.example%2Finstall' },
      { class: 'archive', fileName: 'a b.tgz' },
      { class: 'binary' },
    ]);
  });

  it('of a forge is named by the commit within', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'proxaudit-forge-'));
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], { cwd: directory });
    git('init', '-q');
    writeFileSync(join(directory, 'file'), 'x');
    git('add', '.');
    git('commit', '-qm', 'one');
    const commit = git('rev-parse', 'HEAD').toString().trim();
    const body = git('archive', '--format=tar.gz', 'HEAD');
    for (const path of [
      '/o/r/archive/refs/heads/main.tar.gz',
      '/o/r/tar.gz/main',
      '/repos/o/r/tarball/main',
    ]) {
      expect(await recogniseAll([{ url: `https://forge.example${path}`, body }])).toMatchObject([
        { class: 'archive', commit, name: 'forge.example/o/r', identifiedBy: 'embedded' },
      ]);
    }
    const asset = { url: 'https://forge.example/o/r/releases/download/v1/tool.tar.gz', body };
    expect(await recogniseAll([asset])).toMatchObject([
      { class: 'file', version: 'v1', fileName: 'tool.tar.gz' },
    ]);
  });
});

it.each([
  '/dl/ghp_0123456789abcdefghijABCDEFGHIJ012345/tool.tar.gz',
  '/o/r/releases/download/v1/ghp_0123456789abcdefghijABCDEFGHIJ012345.tar.gz',
  '/o/r/releases/download/v1/tool.tar.gz?access_token=ghp_0123456789abcdefghijABCDEFGHIJ012345',
  '/tool.tar.gz?X-Signature=ghp_0123456789abcdefghijABCDEFGHIJ012345',
])('the secret in %s is in no part of an artifact', async (path) => {
  const redact = (url: string): string => url.replace(/ghp_\w+/, 'REDACTED').replace(/\?.*/, '');
  const artifacts = await recogniseAll(
    [{ url: `https://r.example${path}`, body: gzipSync('tool') }],
    [],
    redact,
  );
  expect(artifacts).toHaveLength(1);
  expect(JSON.stringify(artifacts)).not.toContain('ghp_');
});
