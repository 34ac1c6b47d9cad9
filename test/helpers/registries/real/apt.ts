import { mkdirSync, writeFileSync } from 'node:fs';
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

/** `apt-get update` with lists of its own, of the sources that the system has, and `download` of two packages. */
export const realAptUpdate = realScenario({
  name: 'apt-get-update-real',
  tools: ['apt'],
  version: ['apt-get', '--version'],
  commands: ['apt-get', 'dpkg-deb'],
  prepare(directory) {
    const place = (name: string): string => join(directory, 'apt', name);
    for (const name of ['state/lists/partial', 'cache/archives/partial'])
      mkdirSync(place(name), { recursive: true });
    writeFileSync(place('status'), '');
    const settings = {
      'Dir::State': place('state'),
      'Dir::State::status': place('status'),
      'Dir::Cache': place('cache'),
      'Acquire::Languages': 'none',
      'APT::Sandbox::User': 'root',
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
    const hooks = '#clear APT::Update::Post-Invoke-Success;\n#clear APT::Update::Post-Invoke;\n';
    writeFileSync(place('apt.conf'), lines.join('') + hooks);
    const apt = `apt-get -q -c '${place('apt.conf')}'`;
    return {
      argv: ['sh', '-c', `${apt} update && ${apt} download hello libpam-runtime`],
      env: ownEnvironment({ XDG_STATE_HOME: join(directory, 'xdg-state') }),
      cwd: directory,
    };
  },
  stored: (directory) => storedBelow(directory, { only: /^[^/]+\.deb$/, asFetched: true }),
});
