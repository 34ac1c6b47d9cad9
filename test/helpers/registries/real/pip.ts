import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ownEnvironment } from '../client-environment.ts';
import type { Invocation } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { realScenario } from './probe.ts';

const requirements = ['six==1.16.0', 'idna==3.7', 'certifi==2024.7.4'];

function pip(directory: string, args: readonly string[]): Invocation {
  const places = { PIP_CACHE_DIR: join(directory, 'cache'), XDG_STATE_HOME: join(directory, 'xdg-state') };
  return { argv: ['pip', ...args], env: ownEnvironment(places), cwd: directory };
}

/** `pip download` of three wheels. */
export const realPipDownload = realScenario({
  name: 'pip-download-real',
  tools: ['pip'],
  version: ['pip', '--version'],
  commands: ['pip'],
  prepare: (directory) => pip(directory, ['download', '-d', 'downloads', ...requirements]),
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
});

/** `pip install --target` of the same. */
export const realPipInstall = realScenario({
  name: 'pip-install-real',
  tools: ['pip'],
  version: ['pip', '--version'],
  commands: ['pip'],
  prepare: (directory) =>
    pip(directory, ['install', '--no-compile', '--target', 'installed', ...requirements]),
  stored: (directory) => storedBelow(join(directory, 'installed'), { asFetched: false }),
});

/**
 * `pip download` of a source distribution, for whose metadata pip fetches a build backend into an environment of its
 * own. That is kept below `tmp`; files that the machine has beside its registry are not looked for.
 */
export const realPipSdist = realScenario({
  name: 'pip-sdist-real',
  tools: ['pip'],
  version: ['pip', '--version'],
  commands: ['pip'],
  prepare(directory) {
    const places = { TMPDIR: join(directory, 'tmp'), PIP_FIND_LINKS: join(directory, 'none') };
    for (const place of Object.values(places)) mkdirSync(place);
    const options = ['--no-clean', '--no-deps', '--no-binary', 'idna', '-d', 'downloads'];
    const { argv, env, cwd } = pip(directory, ['download', ...options, 'idna==3.7']);
    return { argv, env: { ...env, ...places }, cwd };
  },
  stored: (directory) => storedBelow(join(directory, 'downloads'), { asFetched: true }),
});
