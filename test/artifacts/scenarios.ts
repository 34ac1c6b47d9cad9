import { createHash } from 'node:crypto';
import { createZip } from '../helpers/registries/archives/zip.ts';
import type { Fed } from './feed.ts';

type Content = Buffer | string;

/** One file of an ecosystem. */
export interface NamedFile {
  readonly ecosystem: string;
  /** Below the registry, or below a mirror's prefix. */
  readonly path: string;
  readonly prefixes: readonly string[];
  readonly purl: string;
  readonly content: Content;
  /** Still a file of that kind, with another byte. */
  readonly tampered: Content;
  /** With which it is answered. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file that a lockfile may lock. */
export interface Scenario extends NamedFile {
  readonly lockfile: readonly [name: string, text: (content: Content) => string];
  /** A lockfile of the same kind that locks something else. */
  readonly otherLock: string;
  /** What publishes the file's digest in the same session. */
  readonly index: (url: string, content: Content) => Fed;
}

export const digest = (algorithm: string, of: Content, form: 'hex' | 'base64' = 'hex'): string =>
  createHash(algorithm).update(of).digest(form);
const binary = createHash('shake256', { outputLength: 4000 }).update('no page').digest();
const tampered = Buffer.from(binary);
tampered[2000] = (tampered[2000] ?? 0) ^ 1;
export const mirrors = ['', '/artifactory/api/x/remote', '/repository/group', '/a/b/c'];

const modulePath = 'forge.example/Some/Mod';
const moduleZip = (text: string): Buffer =>
  createZip({
    [`${modulePath}@v1.2.3/go.mod`]: `module ${modulePath}\n`,
    [`${modulePath}@v1.2.3/a.go`]: text,
  });
const h1 = (text: string): string => {
  const files = { 'a.go': text, 'go.mod': `module ${modulePath}\n` };
  const lines = Object.entries(files).map(
    ([name, of]) => `${digest('sha256', of)}  ${modulePath}@v1.2.3/${name}\n`,
  );
  return `h1:${digest('sha256', lines.join(''), 'base64')}`;
};
const goodGo = moduleZip('package a\n');
const badGo = moduleZip('package b\n');

export const scenarios: readonly Scenario[] = [
  {
    ecosystem: 'npm',
    path: '/@s/pad/-/pad-1.3.0.tgz',
    prefixes: mirrors,
    purl: 'pkg:npm/%40s/pad@1.3.0',
    content: binary,
    tampered,
    lockfile: [
      'package-lock.json',
      (of) =>
        JSON.stringify({
          lockfileVersion: 3,
          packages: {
            '': {},
            'node_modules/@s/pad': {
              version: '1.3.0',
              integrity: `sha512-${digest('sha512', of, 'base64')}`,
            },
          },
        }),
    ],
    otherLock: '{"lockfileVersion":3,"packages":{"":{},"node_modules/x":{"version":"1.0.0"}}}',
    index: (url, of) => ({
      url: 'https://r.example/@s%2fpad',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: '@s/pad',
        versions: {
          '1.3.0': {
            name: '@s/pad',
            version: '1.3.0',
            dist: { tarball: url, integrity: `sha512-${digest('sha512', of, 'base64')}` },
          },
        },
      }),
    }),
  },
  {
    ecosystem: 'pypi',
    path: `/packages/ab/cd/${'0'.repeat(60)}/some_project-1.0-py3-none-any.whl`,
    prefixes: mirrors,
    purl: 'pkg:pypi/some-project@1.0?file_name=some_project-1.0-py3-none-any.whl',
    content: binary,
    tampered,
    lockfile: ['requirements.txt', (of) => `Some.Project==1.0 --hash=sha256:${digest('sha256', of)}\n`],
    otherLock: `other==1.0 --hash=sha256:${'a'.repeat(64)}\n`,
    index: (url, of) => ({
      url: 'https://r.example/simple/some-project/',
      headers: { 'content-type': 'text/html' },
      body: `<a href="${url}#sha256=${digest('sha256', of)}">some_project-1.0-py3-none-any.whl</a>`,
    }),
  },
  {
    ecosystem: 'cargo',
    path: '/crates/itoa/1.0.0/download',
    prefixes: mirrors,
    purl: 'pkg:cargo/itoa@1.0.0',
    content: binary,
    tampered,
    lockfile: [
      'Cargo.lock',
      (of) =>
        `version = 3\n[[package]]\nname = "itoa"\nversion = "1.0.0"\nsource = "registry+https://r.example"\nchecksum = "${digest('sha256', of)}"\n`,
    ],
    otherLock: 'version = 3\n[[package]]\nname = "other"\nversion = "1.0.0"\n',
    index: (_url, of) => ({
      url: 'https://r.example/it/oa/itoa',
      body: `${JSON.stringify({ name: 'itoa', vers: '1.0.0', cksum: digest('sha256', of) })}\n`,
    }),
  },
  {
    ecosystem: 'golang',
    path: '/forge.example/!some/!mod/@v/v1.2.3.zip',
    prefixes: mirrors,
    purl: 'pkg:golang/forge.example/some/mod@v1.2.3',
    content: goodGo,
    tampered: badGo,
    lockfile: [
      'go.sum',
      (of) => `${modulePath} v1.2.3 ${h1(of === goodGo ? 'package a\n' : 'package b\n')}\n`,
    ],
    otherLock: `other.example/m v1.0.0 h1:${digest('sha256', 'x', 'base64')}\n`,
    index: (_url, of) => ({
      url: 'https://sum.example/lookup/forge.example/!some/!mod@v1.2.3',
      body: `1\n${modulePath} v1.2.3 ${h1(of === goodGo ? 'package a\n' : 'package b\n')}\n\ngo.sum database tree\n`,
    }),
  },
  {
    ecosystem: 'maven',
    path: '/com/example/lib/1.0/lib-1.0.jar',
    prefixes: ['/maven2', '/repository/maven-public', '/artifactory/libs-release'],
    purl: 'pkg:maven/com.example/lib@1.0',
    content: binary,
    tampered,
    lockfile: [
      'verification-metadata.xml',
      (of) =>
        `<verification-metadata><components><component group="com.example" name="lib" version="1.0"><artifact name="lib-1.0.jar"><sha256 value="${digest('sha256', of)}"/></artifact></component></components></verification-metadata>`,
    ],
    otherLock: `<verification-metadata><components><component group="com.example" name="other" version="1.0"><artifact name="other-1.0.jar"><sha256 value="${'a'.repeat(64)}"/></artifact></component></components></verification-metadata>`,
    index: (url, of) => ({ url: `${url}.sha1`, body: digest('sha1', of) }),
  },
];
