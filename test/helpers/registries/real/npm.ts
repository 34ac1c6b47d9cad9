import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownEnvironment } from '../client-environment.ts';
import { runOffline } from '../commands.ts';
import { storedByNpm } from '../npm/npm-twin.ts';
import type { Invocation } from '../scenario.ts';
import { realScenario } from './probe.ts';

const dependencies = {
  ms: '2.1.3',
  semver: '7.6.3',
  chalk: '5.3.0',
  nanoid: '3.3.8',
  '@sindresorhus/is': '7.0.1',
};
const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];

const clientOf = (name: string, wanted: Readonly<Record<string, string>>) =>
  realScenario({
    name,
    tools: ['npm'],
    version: ['npm', '--version'],
    commands: ['npm'],
    prepare(directory) {
      const project = { name: 'real-project', version: '1.0.0', private: true, dependencies: wanted };
      writeFileSync(join(directory, 'package.json'), JSON.stringify(project));
      const place = { cwd: directory, env: environment(directory, 'lock-cache') };
      runOffline(['npm', 'install', '--package-lock-only', ...quiet], place);
      return npm(directory, ['ci', '--ignore-scripts', ...quiet]);
    },
    probe: (directory) => npm(directory, ['view', 'ms@2.1.3', 'version']),
    stored: storedByNpm,
  });

/** `npm ci` of a handful of packages; the lockfile is made first, with another cache. */
export const realNpm = clientOf('npm-ci-real', dependencies);

/** `npm ci` of some 300 packages. */
export const realNpmMany = clientOf('npm-ci-many-real', { jest: '29.7.0', express: '4.19.2' });

const environment = (directory: string, cache: string): NodeJS.ProcessEnv =>
  ownEnvironment({ npm_config_cache: join(directory, cache), XDG_STATE_HOME: join(directory, 'xdg-state') });

const npm = (directory: string, args: readonly string[]): Invocation => ({
  argv: ['npm', ...args],
  env: environment(directory, 'cache'),
  cwd: directory,
});
