import { createHash } from 'node:crypto';
import { randomBody } from '../../origin/random.ts';
import { createTarGz } from '../archives/tar.ts';

/** A generated npm package with one version. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly tarball: Buffer;
  /** Subresource integrity, sha512. */
  readonly integrity: string;
  readonly shasum: string;
}

/** The root project depends on the first ten; package i on 2i+10 and 2i+11, so that all are one tree. */
export const rootCount = 10;

const nameOf = (index: number): string => (index % 10 === 9 ? `@twin/part-${index}` : `twin-part-${index}`);
const versionOf = (index: number): string => `1.${index % 7}.${index % 3}`;

/** Path of the tarball below the registry. */
export const tarballPath = ({ name, version }: Pick<NpmPackage, 'name' | 'version'>): string =>
  `/${name}/-/${name.replace(/^@.*\//, '')}-${version}.tgz`;

/** `count` packages that form one dependency tree, each with 0.2 to 20 KB of its own. */
export const createNpmPackages = (count: number): NpmPackage[] =>
  Array.from({ length: count }, (_, index) => createPackage(index, count));

function createPackage(index: number, count: number): NpmPackage {
  const [name, version] = [nameOf(index), versionOf(index)];
  const children = [2 * index + rootCount, 2 * index + rootCount + 1].filter((child) => child < count);
  const dependencies = Object.fromEntries(children.map((child) => [nameOf(child), `^${versionOf(child)}`]));
  const filler = randomBody(200 + ((index * 7919) % 20_000), name).toString('base64');
  const tarball = createTarGz({
    'package/package.json': JSON.stringify({ name, version, main: 'index.js', dependencies }, null, 2),
    'package/index.js': `module.exports = ${JSON.stringify(filler)};\n`,
  });
  const digest = (algorithm: string) => createHash(algorithm).update(tarball);
  const integrity = `sha512-${digest('sha512').digest('base64')}`;
  return { name, version, dependencies, tarball, integrity, shasum: digest('sha1').digest('hex') };
}
