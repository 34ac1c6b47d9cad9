import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, json, sendResource } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Invocation, StoredFile, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { createNpmPackages, rootCount, tarballPath } from './packages.ts';
import type { NpmPackage } from './packages.ts';

export interface NpmTwinOptions {
  /** Size of the dependency tree; default 12. */
  readonly count?: number;
  /** `ci` reads a lockfile and fetches tarballs only, `install` asks for packuments first. Default `ci`. */
  readonly command?: 'ci' | 'install';
}

/** A registry of generated packages, and `npm ci` or `npm install` of all of them. */
export function npmTwin({ count = 12, command = 'ci' }: NpmTwinOptions = {}): Twin {
  const packages = createNpmPackages(count);
  return {
    name: `npm-${command}`,
    tools: ['npm'],
    version: ['npm', '--version'],
    available: () => missingCommand('npm'),
    createHandler: () => serveNpm(packages),
    prepare: (directory, baseUrl) => prepareNpm(directory, { packages, command, baseUrl }),
    stored: storedByNpm,
  };
}

export function serveNpm(packages: readonly NpmPackage[]): Handler {
  const tarballs = new Map(packages.map((entry) => [tarballPath(entry), entry.tarball]));
  const byName = new Map(packages.map((entry) => [entry.name, entry]));
  return (served) => {
    const path = decodeURIComponent(served.url.pathname);
    const tarball = tarballs.get(path);
    const named = byName.get(path.slice(1));
    const found: Resource | undefined = tarball
      ? binary(tarball)
      : named && json(packument(named, served.base));
    sendResource(served, found);
  };
}

function packument(entry: NpmPackage, base: string): object {
  const { name, version, dependencies, integrity, shasum } = entry;
  const dist = { tarball: base + tarballPath(entry), integrity, shasum };
  return {
    name,
    'dist-tags': { latest: version },
    // Clients that wait before they take a new version find an old one.
    time: { [version]: '2020-01-01T00:00:00.000Z' },
    versions: { [version]: { name, version, dependencies, dist } },
  };
}

interface NpmProject {
  readonly packages: readonly NpmPackage[];
  readonly command: string;
  readonly baseUrl: string;
}

function prepareNpm(directory: string, { packages, command, baseUrl }: NpmProject): Invocation {
  const root = packages.slice(0, rootCount);
  const dependencies = Object.fromEntries(root.map(({ name, version }) => [name, version]));
  const project = { name: 'npm-twin', version: '1.0.0', private: true, dependencies };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(project));
  if (command === 'ci')
    writeFileSync(join(directory, 'package-lock.json'), lockfile(project, packages, baseUrl));
  const settings = { cache: join(directory, 'cache'), userconfig: join(directory, 'user-npmrc') };
  const env = Object.entries({
    ...settings,
    globalconfig: join(directory, 'global-npmrc'),
    registry: `${baseUrl}/`,
  });
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
  return {
    argv: ['npm', command, ...quiet],
    env: hermeticEnvironment(
      directory,
      Object.fromEntries(env.map(([key, value]) => [`npm_config_${key}`, value])),
    ),
    cwd: directory,
  };
}

function lockfile(project: { name: string }, packages: readonly NpmPackage[], baseUrl: string): string {
  const entries = packages.map((entry) => {
    const { name, version, integrity, dependencies } = entry;
    return [
      `node_modules/${name}`,
      { version, resolved: baseUrl + tarballPath(entry), integrity, dependencies },
    ];
  });
  const lock = {
    ...project,
    lockfileVersion: 3,
    requires: true,
    packages: { '': project, ...Object.fromEntries(entries) },
  };
  return JSON.stringify(lock, null, 2);
}

/** The tarballs in npm's content-addressed cache, by the name that its index gives them, and what was unpacked. */
export function storedByNpm(directory: string): StoredFile[] {
  const cache = join(directory, 'cache', '_cacache');
  const names = tarballNames(join(cache, 'index-v5'));
  const content = storedBelow(join(cache, 'content-v2', 'sha512'), {
    asFetched: true,
    rename: (path) => names.get(path.replaceAll('/', '')) ?? 'metadata',
  });
  // Packuments name the registry's address, so they differ from run to run.
  const tarballs = content.filter(({ name }) => name !== 'metadata');
  const unpacked = storedBelow(join(directory, 'node_modules'), {
    only: /^(?!\.package-lock)/,
    asFetched: false,
  });
  return [...tarballs, ...unpacked];
}

/** SHA-512 of each tarball in the cache, as hex, and the last part of its URL. */
function tarballNames(index: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name } of storedBelow(index, { asFetched: false })) {
    for (const line of readFileSync(join(index, name), 'utf8').split('\n').filter(Boolean)) {
      const entry = JSON.parse(line.slice(line.indexOf('\t'))) as { key: string; integrity?: string };
      const base64 = /^sha512-(.*)$/.exec(entry.integrity ?? '')?.[1];
      const tarball = /([^/]+\.tgz)$/.exec(entry.key)?.[1];
      if (base64 && tarball) names.set(Buffer.from(base64, 'base64').toString('hex'), tarball);
    }
  }
  return names;
}
