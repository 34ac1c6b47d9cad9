import { expect, it } from 'vitest';
import { parsers } from '../../src/lockfiles/parsers/index.ts';
import { readSyntax } from '../../src/lockfiles/syntax.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const url = 'https://forge.example/o/dep.git';

/** A dependency that a git repository holds, as each tool locks it; `ID` stands for the commit. */
const locks: readonly (readonly [string, string])[] = [
  ['npm-lock', `{ "packages": { "node_modules/dep": { "version": "1.0.0", "resolved": "git+${url}#ID" } } }`],
  ['npm-lock', `{ "dependencies": { "dep": { "version": "git+ssh://git@forge.example/o/dep.git#ID" } } }`],
  ['yarn-classic', `"dep@git+${url}":\n  version "1.0.0"\n  resolved "git+${url}#ID"\n`],
  [
    'yarn-berry',
    `__metadata:\n  version: 8\n\n"dep@git+${url}":\n  version: 1.0.0\n  resolution: "dep@${url}#commit=ID"\n`,
  ],
  ['pnpm-lock', `packages:\n\n  dep@git+${url}#ID:\n    resolution: {commit: ID, repo: ${url}, type: git}\n`],
  [
    'poetry-lock',
    `[[package]]\nname = "dep"\nversion = "1.0.0"\n[package.source]\ntype = "git"\nurl = "${url}"\nreference = "main"\nresolved_reference = "ID"\n`,
  ],
  [
    'poetry-lock',
    `[[package]]\nname = "dep"\nversion = "1.0.0"\ngit = "${url}"\nref = "main"\nrevision = "ID"\n`,
  ],
  ['uv-lock', `[[package]]\nname = "dep"\nversion = "1.0.0"\nsource = { git = "${url}?rev=main#ID" }\n`],
  ['pipfile-lock', `{ "default": { "dep": { "git": "${url}", "ref": "ID" } } }`],
  ['pylock', `[[packages]]\nname = "dep"\nvcs = { type = "git", url = "${url}", commit-id = "ID" }\n`],
  ['cargo-lock', `[[package]]\nname = "dep"\nversion = "1.0.0"\nsource = "git+${url}?branch=main#ID"\n`],
];

async function parse(kind: string, text: string) {
  const parser = parsers.find(({ id }) => id === kind);
  return parser?.parse(text, parser.syntax && (await readSyntax(parser.syntax, text)));
}

it.each(locks)('%s says the commit of what comes from git', async (kind, text) => {
  for (const id of [commit, `${commit}${commit.slice(0, 24)}`]) {
    expect(await parse(kind, text.replaceAll('ID', id))).toMatchObject([
      { name: 'dep', expected: [{ algorithm: 'gitCommit', value: id }] },
    ]);
  }
});

it.each(locks)('%s says none where it is not written in full', async (kind, text) => {
  for (const id of [commit.slice(0, 12), 'main', `${commit}0`]) {
    const entries = (await parse(kind, text.replaceAll('ID', id))) ?? [];
    expect(entries.flatMap(({ expected }) => expected)).toEqual([]);
  }
});
