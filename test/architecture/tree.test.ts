import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatIds } from '../../reports/format-ids.ts';
import { renderers } from '../../reports/index.ts';
import { recipes } from '../../src/environment/recipes/index.ts';
import { listProductFiles } from '../helpers/product-files.ts';
import { findConfiguredHosts } from '../helpers/registries/configured-hosts.ts';

const files = listProductFiles();

it('the top level holds what the design allows', () => {
  const allowed = ['bin', 'package.json', 'README.md', 'reports', 'src', 'test', 'tsconfig.json'];
  const companions = [
    '.ci',
    '.github',
    '.gitignore',
    '.prettierignore',
    'CHANGELOG.md',
    'LICENSE',
    'docs',
    'package-lock.json',
  ];
  const present = [...new Set(files.map((name) => name.split('/')[0] ?? name))];
  expect(present.filter((name) => !allowed.includes(name) && !companions.includes(name))).toEqual([]);
  expect(allowed.filter((name) => !present.includes(name))).toEqual([]);
});

it('no file of the product is longer than 300 lines', () => {
  const sources = files.filter((name) => /^(?:bin|src|reports)\/.*\.[jt]s$/.test(name));
  expect(sources.length).toBeGreaterThan(100);
  const lengths = sources.map((name) => ({ name, lines: readFileSync(name, 'utf8').split('\n').length - 1 }));
  expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
});

it('every renderer is listed', async () => {
  const formats = readdirSync('reports')
    .filter((name) => /^(?!index|format-ids|renderer|signatures|summary).*\.ts$/.test(name))
    .map((name) => name.slice(0, -'.ts'.length));
  for (const name of formats) {
    const exported: object = await import(`../../reports/${name}.ts`);
    expect(
      Object.values(renderers).filter((renderer) => Object.values(exported).includes(renderer)),
      name,
    ).toHaveLength(1);
  }
  expect(formats).toHaveLength(formatIds.length);
});

it('every tool that the product promises has a recipe', () => {
  const promised = ['curl', 'wget', 'git', 'npm', 'node', 'pip', 'requests', 'cargo', 'java', 'maven', 'apt'];
  const tools = new Set(recipes.map(({ tool }) => tool));
  expect(promised.filter((tool) => !tools.has(tool))).toEqual([]);
});

it('names no registry that a client of this machine is configured for', () => {
  const hosts = findConfiguredHosts();
  expect(hosts.length).toBeGreaterThan(0);
  const naming = files.flatMap((name) => {
    const text = readFileSync(name, 'latin1').toLowerCase();
    return hosts.filter((host) => text.includes(host)).map((host) => `${name}: ${host}`);
  });
  // A lockfile gets none with omit-lockfile-registry-resolved=true in the user's .npmrc.
  expect(naming).toEqual([]);
});
