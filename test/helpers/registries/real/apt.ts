import { join } from 'node:path';
import { ownEnvironment } from '../client-environment.ts';
import { storedBelow } from '../stored-files.ts';
import { realScenario } from './probe.ts';

/** `apt-get download` as the system is configured; it needs the package lists of an earlier `apt-get update`. */
export const realApt = realScenario({
  name: 'apt-get-download-real',
  tools: ['apt'],
  version: ['apt-get', '--version'],
  commands: ['apt-get'],
  prepare: (directory) => ({
    argv: [
      'apt-get',
      '-q',
      '-o',
      'Dir::Cache::pkgcache=',
      '-o',
      'Dir::Cache::srcpkgcache=',
      'download',
      'hello',
    ],
    env: ownEnvironment({ XDG_STATE_HOME: join(directory, 'xdg-state') }),
    cwd: directory,
  }),
  stored: (directory) => storedBelow(directory, { only: /^[^/]+\.deb$/, asFetched: true }),
});
