import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { listLockfiles } from '../../src/lockfiles/find.ts';
import { loadLockfile } from '../../src/lockfiles/load.ts';
import { parsers } from '../../src/lockfiles/parsers/index.ts';

const sum = (algorithm: string, of: string, form: 'hex' | 'base64' = 'hex'): string =>
  createHash(algorithm).update(of).digest(form);
const sri = (of: string): string => `sha512-${sum('sha512', of, 'base64')}`;
const sha512 = (of: string) => ({ algorithm: 'sha512', value: sum('sha512', of) });
const sha256 = (of: string) => ({ algorithm: 'sha256', value: sum('sha256', of) });
const commit = '0123456789abcdef0123456789abcdef01234567';

const directory = mkdtempSync(join(tmpdir(), 'proxaudit-lockfiles-'));

beforeEach(() => {
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function load(fileName: string, text: string) {
  const path = join(directory, fileName);
  writeFileSync(path, text);
  return loadLockfile(path);
}

interface Case {
  readonly kind: string;
  readonly fileName: string;
  readonly text: string;
  readonly entries: unknown[];
}

const cases: readonly Case[] = [
  {
    kind: 'npm-lock',
    fileName: 'package-lock.json',
    text: `{
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "root", "version": "1.0.0" },
    "node_modules/@s/pad": { "version": "1.0.0", "resolved": "https://r.example/@s/pad/-/pad-1.0.0.tgz", "integrity": "${sri('a')}" },
    "node_modules/alias": { "name": "real", "version": "2.0.0", "integrity": "sha1-${sum('sha1', 'b', 'base64')} ${sri('b')}" },
    "node_modules/@s/pad/node_modules/in": { "version": "3.0.0", "inBundle": true },
    "node_modules/linked": { "resolved": "packages/linked", "link": true },
    "node_modules/git": { "version": "1.2.3", "resolved": "git+ssh://git@forge.example/o/r.git#${commit}" }
  }
}`,
    entries: [
      {
        name: '@s/pad',
        version: '1.0.0',
        expected: [sha512('a')],
        url: 'https://r.example/@s/pad/-/pad-1.0.0.tgz',
        line: 5,
      },
      { name: 'real', version: '2.0.0', expected: [sha512('b')], line: 6 },
      { name: 'git', version: '1.2.3', expected: [{ algorithm: 'gitCommit', value: commit }], line: 9 },
    ],
  },
  {
    kind: 'npm-lock',
    fileName: 'npm-shrinkwrap.json',
    text: `{ "lockfileVersion": 1, "dependencies": {
  "a": { "version": "1.0.0", "integrity": "${sri('a')}", "dependencies": {
    "b": { "version": "2.0.0", "integrity": "${sri('b2')}" } } },
  "b": { "version": "1.0.0", "integrity": "${sri('b')}" },
  "c": { "version": "npm:real@3.0.0", "integrity": "${sri('c')}" }
} }`,
    entries: [
      { name: 'a', version: '1.0.0', expected: [sha512('a')], line: 2 },
      { name: 'b', version: '2.0.0', expected: [sha512('b2')], line: 3 },
      { name: 'b', version: '1.0.0', expected: [sha512('b')], line: 4 },
      { name: 'real', version: '3.0.0', expected: [sha512('c')], line: 5 },
    ],
  },
  {
    kind: 'yarn-classic',
    fileName: 'yarn.lock',
    text: `# yarn lockfile v1


"@s/pad@^1.0.0", "@s/pad@~1.0.0":
  version "1.0.0"
  resolved "https://r.example/@s/pad/-/pad-1.0.0.tgz#${sum('sha1', 'a')}"
  integrity ${sri('a')}
  dependencies:
    left "^1.0.0"

old@^1:
  version "1.1.0"
  resolved "https://r.example/old/-/old-1.1.0.tgz#${sum('sha1', 'old')}"

alias@npm:real@^2:
  version "2.0.0"
  integrity ${sri('r')}
`,
    entries: [
      {
        name: '@s/pad',
        version: '1.0.0',
        expected: [sha512('a')],
        url: 'https://r.example/@s/pad/-/pad-1.0.0.tgz',
        line: 4,
      },
      {
        name: 'old',
        version: '1.1.0',
        expected: [{ algorithm: 'sha1', value: sum('sha1', 'old') }],
        url: 'https://r.example/old/-/old-1.1.0.tgz',
        line: 11,
      },
      { name: 'real', version: '2.0.0', expected: [sha512('r')], line: 15 },
    ],
  },
  {
    kind: 'yarn-berry',
    fileName: 'yarn.lock',
    text: `__metadata:
  version: 8

"@s/pad@npm:^1.0.0, @s/pad@npm:~1.0.0":
  version: 1.0.0
  resolution: "@s/pad@npm:1.0.0"
  checksum: 10c0/${sum('sha512', 'zip')}
  languageName: node

"far@npm:1.0.0::__archiveUrl=https%3A%2F%2Ffiles.example%2Ffar.tgz":
  version: 1.0.0
  resolution: "far@npm:1.0.0::__archiveUrl=https%3A%2F%2Ffiles.example%2Ffar.tgz"

"linked@https://files.example/linked.tgz":
  version: 1.0.0
  resolution: "linked@https://files.example/linked.tgz"

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
`,
    entries: [
      { name: '@s/pad', version: '1.0.0', expected: [{ ...sha512('zip'), comparable: false }], line: 4 },
      { name: 'far', version: '1.0.0', expected: [], url: 'https://files.example/far.tgz', line: 10 },
      { name: 'linked', version: null, expected: [], url: 'https://files.example/linked.tgz', line: 14 },
    ],
  },
  ...[
    { id: '/@s/pad/1.0.0_peer@2.0.0', version: '5.4' },
    { id: '/@s/pad@1.0.0(peer@2.0.0)', version: "'6.0'" },
    { id: "'@s/pad@1.0.0'", version: "'9.0'" },
  ].map(({ id, version }) => ({
    kind: 'pnpm-lock',
    fileName: 'pnpm-lock.yaml',
    text: `lockfileVersion: ${version}

dependencies:
  '@s/pad': 1.0.0

packages:

  ${id}:
    resolution: {integrity: ${sri('a')}}
`,
    entries: [{ name: '@s/pad', version: '1.0.0', expected: [sha512('a')], line: 8 }],
  })),
  {
    kind: 'pnpm-lock',
    fileName: 'pnpm-lock.yaml',
    text: `---
lockfileVersion: '9.0'

importers:

  .:
    configDependencies:
      config:
        specifier: 2.0.0
        version: 2.0.0

packages:

  config@2.0.0:
    resolution: {integrity: ${sri('config')}}

---
lockfileVersion: '9.0'

packages:

  '@s/pad@1.0.0':
    resolution: {integrity: ${sri('a')}}
`,
    entries: [
      { name: 'config', version: '2.0.0', expected: [sha512('config')], line: 14 },
      { name: '@s/pad', version: '1.0.0', expected: [sha512('a')], line: 22 },
    ],
  },
  {
    kind: 'bun-lock',
    fileName: 'bun.lock',
    text: `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "dependencies": { "alias": "npm:@s/pad@1.0.0", }, },
  },
  "packages": {
    "alias": ["@s/pad@1.0.0", "", {}, "${sri(',}')}"],

    "far": ["far@1.0.0", "https://files.example/far.tgz", {}, "${sri('b')}"],

    "linked": ["linked@https://files.example/linked.tgz", {}, "${sri('c')}"],

    "cloned": ["cloned@git+https://forge.example/o/cloned.git#${commit}", {}, "tag"],

    "own": ["own@workspace:packages/own"],
  }
}
`,
    entries: [
      { name: '@s/pad', version: '1.0.0', expected: [sha512(',}')], line: 7 },
      {
        ...{ name: 'far', version: '1.0.0', expected: [sha512('b')], line: 9 },
        url: 'https://files.example/far.tgz',
      },
      {
        name: 'linked',
        version: null,
        expected: [sha512('c')],
        url: 'https://files.example/linked.tgz',
        line: 11,
      },
      { name: 'cloned', version: null, expected: [{ algorithm: 'gitCommit', value: commit }], line: 13 },
    ],
  },
  {
    kind: 'requirements',
    fileName: 'requirements-dev.txt',
    text: `# comment
Some_Project[extra]==1.0.0 ; python_version > "3" \\
    --hash=sha256:${sum('sha256', 'a')} \\
    --hash=sha256:${sum('sha256', 'b')}
unpinned>=2
direct @ https://files.example/direct-1.0.zip#sha256=${sum('sha256', 'c')}
`,
    entries: [
      { name: 'some-project', version: '1.0.0', expected: [sha256('a'), sha256('b')], line: 2 },
      {
        name: 'direct',
        version: null,
        expected: [sha256('c')],
        url: 'https://files.example/direct-1.0.zip',
        line: 6,
      },
    ],
  },
  {
    kind: 'poetry-lock',
    fileName: 'poetry.lock',
    text: `[[package]]
name = "Some_Project"
version = "1.0.0"
files = [
    {file = "some_project-1.0.0.tar.gz", hash = "sha256:${sum('sha256', 'a')}"},
]

[[package]]
name = "other"
version = "2.0.0"
files = []
`,
    entries: [
      {
        name: 'some-project',
        version: '1.0.0',
        expected: [{ ...sha256('a'), fileName: 'some_project-1.0.0.tar.gz' }],
        line: 1,
      },
      { name: 'other', version: '2.0.0', expected: [], line: 8 },
    ],
  },
  {
    kind: 'uv-lock',
    fileName: 'uv.lock',
    text: `version = 1

[[package]]
name = "other"
version = "2.0.0"
source = { registry = "https://r.example/simple" }
sdist = { url = "https://f.example/other-2.0.0.tar.gz", hash = "sha256:${sum('sha256', 's')}", size = 1 }
wheels = [
    { url = "https://f.example/other-2.0.0%2Bl-py3-none-any.whl", hash = "sha256:${sum('sha256', 'w')}" },
]
`,
    entries: [
      {
        name: 'other',
        version: '2.0.0',
        expected: [
          { ...sha256('s'), fileName: 'other-2.0.0.tar.gz' },
          { ...sha256('w'), fileName: 'other-2.0.0+l-py3-none-any.whl' },
        ],
        line: 3,
      },
    ],
  },
  {
    kind: 'pipfile-lock',
    fileName: 'Pipfile.lock',
    text: `{
  "_meta": { "hash": { "sha256": "${sum('sha256', 'pipfile')}" } },
  "default": {
    "other": { "hashes": ["sha256:${sum('sha256', 'a')}"], "version": "==2.0.0" }
  },
  "develop": {}
}`,
    entries: [{ name: 'other', version: '2.0.0', expected: [sha256('a')], line: 4 }],
  },
  {
    kind: 'pylock',
    fileName: 'pylock.dev.toml',
    text: `lock-version = "1.0"
[[packages]]
name = "other"
version = "2.0.0"
wheels = [{ name = "other-2.0.0-py3-none-any.whl", hashes = { sha256 = "${sum('sha256', 'w')}" } }]
`,
    entries: [
      {
        name: 'other',
        version: '2.0.0',
        expected: [{ ...sha256('w'), fileName: 'other-2.0.0-py3-none-any.whl' }],
        line: 2,
      },
    ],
  },
  {
    kind: 'cargo-lock',
    fileName: 'Cargo.lock',
    text: `version = 3

[[package]]
name = "own"
version = "0.1.0"

[[package]]
name = "itoa"
version = "1.0.0"
source = "registry+https://index.example"
checksum = "${sum('sha256', 'a')}"

[[package]]
name = "git"
version = "0.2.0"
source = "git+https://forge.example/git?branch=x#${commit}"

[[package]]
name = "itoa"
version = "1.0.0"
source = "sparse+https://other.example"
checksum = "${sum('sha256', 'b')}"
`,
    entries: [
      { name: 'itoa', version: '1.0.0', expected: [sha256('a'), sha256('b')], line: 7 },
      { name: 'git', version: '0.2.0', expected: [{ algorithm: 'gitCommit', value: commit }], line: 13 },
    ],
  },
  {
    kind: 'go-sum',
    fileName: 'go.sum',
    text: `forge.example/o/r v1.0.0 h1:${sum('sha256', 'a', 'base64')}
forge.example/o/r v1.0.0/go.mod h1:${sum('sha256', 'b', 'base64')}
`,
    entries: [
      {
        name: 'forge.example/o/r',
        version: 'v1.0.0',
        expected: [{ algorithm: 'h1', value: sum('sha256', 'a', 'base64') }],
        line: 1,
      },
    ],
  },
  {
    kind: 'gradle-verification',
    fileName: 'verification-metadata.xml',
    text: `<?xml version="1.0"?>
<verification-metadata>
  <!-- <component group="no" name="no" version="0"/> -->
  <components>
    <component group="com.example" name="lib" version="1.0">
      <artifact name="lib-1.0.jar">
        <sha256 value="${sum('sha256', 'a')}" origin="x"><also-trust value="${sum('sha256', 'b')}"/></sha256>
        <md5 value="short"/>
      </artifact>
    </component>
  </components>
</verification-metadata>`,
    entries: [
      {
        name: 'com.example:lib',
        version: '1.0',
        expected: [
          { ...sha256('a'), fileName: 'lib-1.0.jar' },
          { ...sha256('b'), fileName: 'lib-1.0.jar' },
        ],
        line: 5,
      },
    ],
  },
  {
    kind: 'dockerfile',
    fileName: 'Dockerfile',
    text: `ARG X=1
FROM --platform=linux/amd64 r.example/library/Alpine:3@sha256:${sum('sha256', 'a')} AS base
COPY --from=tool@sha256:${sum('sha256', 'b')} /x /x
FROM base
`,
    entries: [
      { name: 'alpine', version: `sha256:${sum('sha256', 'a')}`, expected: [sha256('a')], line: 2 },
      { name: 'tool', version: `sha256:${sum('sha256', 'b')}`, expected: [sha256('b')], line: 3 },
    ],
  },
];

describe('a lockfile', () => {
  it.each(cases)(
    'of kind $kind ($fileName) gives its entries with their lines',
    async ({ kind, fileName, text, entries }) => {
      const loaded = await load(fileName, text);
      expect(loaded?.parser).toBe(kind);
      expect(loaded?.digest).toBe(sum('sha256', text));
      expect(loaded?.entries).toEqual(entries);
    },
  );

  it('of every kind is tried', () => {
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(parsers.map(({ id }) => id)));
  });

  it('is found under its usual name', () => {
    const names = [...new Set(cases.map(({ fileName }) => fileName))].sort();
    for (const name of [...names, 'package.json', 'notes.txt']) writeFileSync(join(directory, name), '');
    expect(listLockfiles(directory)).toEqual(names);
  });

  it('with CRLF or a byte order mark is read alike', async () => {
    const { text, entries } = cases.find(({ kind }) => kind === 'requirements') ?? { text: '', entries: [] };
    expect((await load('requirements.txt', `\ufeff${text.replaceAll('\n', '\r\n')}`))?.entries).toEqual(
      entries,
    );
  });

  it('that is damaged is named, with what is wrong', async () => {
    await expect(load('package-lock.json', '{ "packages": ')).rejects.toThrow(
      /package-lock\.json cannot be read as npm-lock/,
    );
    await expect(load('Cargo.lock', '[[package]\n')).rejects.toThrow(
      /Cargo\.lock cannot be read as cargo-lock/,
    );
    await expect(load('pnpm-lock.yaml', 'packages:\n  a@1.0.0:\n    resolution: {integ')).rejects.toThrow(
      /pnpm-lock\.yaml cannot be read as pnpm-lock/,
    );
    await expect(load('strange.lock', 'x')).rejects.toThrow(/no lockfile that proxaudit knows/);
  });

  it('that locks nothing is none', async () => {
    expect(await load('requirements.txt', 'a==1\n')).toBeUndefined();
    expect(await load('Dockerfile', 'FROM a:1\n')).toBeUndefined();
  });

  it('does not become huge by aliases', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\npackages: [*c,*c,*c,*c,*c,*c]\n`;
    await expect(load('pnpm-lock.yaml', bomb)).rejects.toThrow(/alias/i);
  });

  it.each(cases)(
    'of kind $kind ($fileName), damaged anyhow, ends in entries or in an error that names it',
    async ({ fileName, text }) => {
      let seed = 1;
      const random = (below: number): number => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        return seed % below;
      };
      for (let turn = 0; turn < 150; turn += 1) {
        const at = random(text.length);
        const damaged = text.slice(0, at) + String.fromCharCode(random(128)) + text.slice(at + random(9));
        try {
          for (const { name, line, expected } of (await load(fileName, damaged))?.entries ?? []) {
            expect(typeof name).toBe('string');
            expect(line).toBeGreaterThan(0);
            for (const { value } of expected) expect(value).toMatch(/^[\w+/=]+$/);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-input' });
        }
      }
    },
  );
});
