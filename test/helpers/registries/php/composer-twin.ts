import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { createTar } from '../archives/tar.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingOneOf } from '../commands.ts';
import { binary, json, sendResource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const version = '1.0.0';

/** A Composer repository and `composer install` of a package and what it needs. */
export const composerTwin: Twin = {
  name: 'composer-install',
  tools: ['composer'],
  version: ['composer', '--version', '--no-ansi'],
  available: () => missingOneOf('composer', 'php'),
  createHandler: serveComposer,
  prepare(directory, baseUrl) {
    const project = {
      repositories: [{ type: 'composer', url: baseUrl }, { packagist: false }],
      require: { 'twin/alpha': version },
      config: { 'secure-http': false },
    };
    writeFileSync(join(directory, 'composer.json'), JSON.stringify(project));
    return {
      argv: ['composer', 'update', '--no-interaction', '--quiet', '--no-plugins'],
      env: hermeticEnvironment(directory, {
        COMPOSER_HOME: join(directory, 'composer'),
        COMPOSER_CACHE_DIR: join(directory, 'cache'),
        COMPOSER_ALLOW_SUPERUSER: '1',
      }),
      cwd: directory,
    };
  },
  stored: (directory) => [
    // Their names depend on the server's address.
    ...storedBelow(join(directory, 'cache', 'files'), { asFetched: true, rename: dirname }),
    ...storedBelow(join(directory, 'vendor', 'twin'), { asFetched: false }),
  ],
};

const packages = [
  { name: 'alpha', needs: { 'twin/beta': '^1' } },
  { name: 'beta', needs: {} },
];

function serveComposer(): Handler {
  const contents = new Map(packages.map(({ name }) => [`/dist/${name}.tar`, pack(name)]));
  return (served) => {
    const content = contents.get(served.url.pathname);
    if (served.url.pathname !== '/packages.json') sendResource(served, content && binary(content));
    else sendResource(served, json({ packages: listPackages(served.base, contents) }));
  };
}

const pack = (name: string): Buffer =>
  createTar({
    [`${name}/composer.json`]: JSON.stringify({ name: `twin/${name}` }),
    [`${name}/data.bin`]: randomBody(50_000, `composer ${name}`),
  });

function listPackages(base: string, contents: ReadonlyMap<string, Buffer>): object {
  const entries = packages.map(({ name, needs }) => {
    const path = `/dist/${name}.tar`;
    const shasum = createHash('sha1')
      .update(contents.get(path) ?? '')
      .digest('hex');
    const dist = { type: 'tar', url: `${base}${path}`, reference: shasum, shasum };
    return [`twin/${name}`, { [version]: { name: `twin/${name}`, version, require: needs, dist } }] as const;
  });
  return Object.fromEntries(entries);
}
