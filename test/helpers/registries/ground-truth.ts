import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { sha256 } from '../origin/random.ts';
import { storedBelow } from './stored-files.ts';

/** What a client left on disk, as a line for each thing that it fetched: package URL without qualifiers, SHA-256. */
export type GroundTruth = (directory: string) => string[];

const files = (root: string, only: RegExp) => storedBelow(root, { only, asFetched: true });

/** As dpkg itself reads the packages; the vendor stands in no package. */
export const truthOfApt: GroundTruth = (directory) =>
  files(directory, /^[^/]+\.deb$/).map(({ name, sha256: digest }) => {
    const fields = ['-W', '--showformat=${Package}@${Version} ${Architecture}', join(directory, name)];
    return `${execFileSync('dpkg-deb', fields, { encoding: 'utf8' })} ${digest}`;
  });

/** The folders of the local repository are group, artifact and version. */
export const truthOfMaven: GroundTruth = (directory) =>
  files(join(directory, 'repository'), /\.(?:jar|pom)$/).map(({ name, sha256: digest }) => {
    const [version = '', artifact = '', ...group] = name.split('/').reverse().slice(1);
    return `pkg:maven/${group.reverse().join('.')}/${artifact}@${version} ${basename(name)} ${digest}`;
  });

export const truthOfPip: GroundTruth = (directory) => distributionsIn(join(directory, 'downloads'));

/** With what pip installed to build them: it keeps no file of that, so the same version is fetched again, unaudited. */
export const truthOfPipSdist: GroundTruth = (directory) => {
  const installed =
    /^pip-build-env-[^/]+\/[^/]+\/lib\/[^/]+\/site-packages\/([^/]+)-([^/]+)\.dist-info\/METADATA$/;
  const names = files(join(directory, 'tmp'), installed).map(({ name }) => name.replace(installed, '$1==$2'));
  if (names.length === 0) throw new Error('pip installed nothing to build with');
  const again = join(directory, 'again');
  const options = ['--no-deps', '--only-binary', ':all:', '-d', again];
  const env = { ...process.env, PIP_FIND_LINKS: join(directory, 'none') };
  execFileSync('pip', ['download', '-q', ...options, ...new Set(names)], { env });
  return [...truthOfPip(directory), ...distributionsIn(again)];
};

const distributionsIn = (directory: string): string[] =>
  files(directory, /./).map(({ name, sha256: digest }) => {
    const [, project = '', version = ''] = /^(.+?)-(\d[^-]*?)(?:-.*\.whl|\.tar\.gz)$/.exec(name) ?? [];
    return `pkg:pypi/${project.toLowerCase().replace(/[-_.]+/g, '-')}@${version} ${name} ${digest}`;
  });

export const truthOfCargo: GroundTruth = (directory) =>
  files(join(directory, 'cargo-home', 'registry', 'cache'), /\.crate$/).map(({ name, sha256: digest }) => {
    const [, crate = '', version = ''] = /^(.+?)-(\d+\.\d+\.\d+.*)\.crate$/.exec(basename(name)) ?? [];
    return `pkg:cargo/${crate}@${version} ${digest}`;
  });

export const truthOfGo: GroundTruth = (directory) =>
  files(join(directory, 'modcache', 'cache', 'download'), /@v\/.*\.zip$/).map(({ name, sha256: digest }) => {
    const [, module = '', version = ''] = /^(.+)\/@v\/(.+)\.zip$/.exec(name) ?? [];
    return `pkg:golang/${module.replace(/!/g, '')}@${version} ${digest}`;
  });

/** What npm installed, by its own list, and the bytes in its cache that have the digest of that list. */
export const truthOfNpm: GroundTruth = (directory) => {
  const list = readFileSync(join(directory, 'node_modules', '.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(list) as {
    packages: Record<string, { version: string; integrity: string }>;
  };
  const lines = Object.entries(packages).map(([path, { version, integrity }]) => {
    const hex = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
    const place = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
    const content = readFileSync(join(directory, 'cache', '_cacache', 'content-v2', 'sha512', ...place));
    const name = path.replace(/^.*node_modules\//, '').replace(/^@/, '%40');
    return `pkg:npm/${name}@${version} ${sha256(content)}`;
  });
  return [...new Set(lines)];
};
