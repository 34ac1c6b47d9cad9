import { expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { recogniseAll } from './feed.ts';

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
