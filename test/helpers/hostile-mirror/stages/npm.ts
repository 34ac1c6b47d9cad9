import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTarGz } from '../../registries/archives/tar.ts';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { bytes, jsonOf } from '../reply.ts';
import { takenFrom, type Registry, type Stage } from '../stage.ts';

export const tarball = (mark: string, name = 'demo'): Buffer =>
  createTarGz({
    'package/package.json': JSON.stringify({ name, version: '1.0.0' }),
    'package/index.js': `// taken: ${mark}\n`,
  });

export const integrityOf = (content: Buffer, algorithm = 'sha512'): string =>
  `${algorithm}-${createHash(algorithm).update(content).digest('base64')}`;

/** The document of a package with one version. */
export const packument = (dist: object, name = 'demo'): object => ({
  name,
  'dist-tags': { latest: '1.0.0' },
  versions: { '1.0.0': { name, version: '1.0.0', dist } },
});

const good = tarball('good');
/** Of another package that the lockfile has too. */
export const otherGood = tarball('evil', 'other');
const file = '/demo/-/demo-1.0.0.tgz';

/** `npm install` that leaves its lockfile unread. */
export const npm: Stage = {
  client: 'npm',
  needs: ['npm'],
  good,
  evil: tarball('evil'),
  file,
  registry(base, served): Registry {
    const listed = served.listed ?? (Buffer.isBuffer(served.file) ? served.file : undefined);
    const dist = {
      tarball: `${base}${file}`,
      ...(listed === undefined ? {} : { integrity: integrityOf(listed) }),
    };
    return new Map([
      ['/demo', jsonOf(packument(dist))],
      [file, Buffer.isBuffer(served.file) ? bytes(served.file) : served.file],
    ]);
  },
  prepare(directory, base) {
    const dependencies = { demo: '1.0.0' };
    const project = { name: 'project', version: '1.0.0', dependencies };
    const locked = (name: string, content: Buffer) => ({
      [`node_modules/${name}`]: { version: '1.0.0', integrity: integrityOf(content) },
    });
    const packages = { '': project, ...locked('demo', good), ...locked('other', otherGood) };
    writeFileSync(join(directory, 'package.json'), JSON.stringify(project));
    writeFileSync(
      join(directory, 'package-lock.json'),
      JSON.stringify({ ...project, lockfileVersion: 3, requires: true, packages }, null, 2),
    );
    const settings = {
      cache: join(directory, 'cache'),
      userconfig: join(directory, 'user-npmrc'),
      globalconfig: join(directory, 'global-npmrc'),
      registry: `${base}/`,
    };
    const quiet = [
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--fetch-retries=0',
      '--ignore-scripts',
    ];
    const env = Object.entries(settings).map(([key, value]) => [`npm_config_${key}`, value]);
    return {
      argv: ['npm', 'install', '--no-package-lock', ...quiet],
      env: hermeticEnvironment(directory, Object.fromEntries(env) as Record<string, string>),
      cwd: directory,
    };
  },
  taken: (directory) =>
    takenFrom(join(directory, 'node_modules/demo/index.js'), () => {
      // The cache has files by their digests.
      const hex = createHash('sha512').update(good).digest('hex');
      const place = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
      return existsSync(join(directory, 'cache/_cacache/content-v2/sha512', ...place));
    }),
};
