import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../origin/random.ts';
import { createAr } from '../../registries/archives/ar.ts';
import { createTarGz } from '../../registries/archives/tar.ts';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { bytes, typed } from '../reply.ts';
import { digestOf, takenAsItIs, type Registry, type Stage } from '../stage.ts';

export const control = (name = 'demo'): string =>
  `Package: ${name}\nVersion: 1.0-1\nArchitecture: all\nMaintainer: Nobody <nobody@registry.test>\nDescription: demo\n`;
export const deb = (mark: string, name = 'demo'): Buffer =>
  createAr({
    'debian-binary': '2.0\n',
    'control.tar.gz': createTarGz({ './control': control(name) }),
    'data.tar.gz': createTarGz({ './usr/share/demo/mark': `taken: ${mark}\n` }),
  });

const good = deb('good');
const evil = deb('evil');
const name = 'demo_1.0-1_all.deb';
const file = `/debian/pool/${name}`;

export const stanza = (content: Buffer, more = ''): string =>
  `${control()}Filename: pool/${name}\nSize: ${content.length}\nSHA256: ${sha256(content)}\n${more}\n`;
export const release = (packages: string): string =>
  `Origin: Twin\nCodename: first\nDate: Wed, 01 Jan 2020 00:00:00 UTC\nSHA256:\n ${sha256(packages)} ${packages.length} Packages\n`;

/** `apt-get update` and `apt-get download` from a flat repository without a signature: apt has no lockfile. */
export const apt: Stage = {
  client: 'apt',
  needs: ['apt-get'],
  good,
  evil,
  file,
  registry(_base, served): Registry {
    const listed = served.listed ?? (Buffer.isBuffer(served.file) ? served.file : good);
    const packages = stanza(listed);
    return new Map([
      ['/debian/Release', typed('text/plain', release(packages))],
      ['/debian/Packages', typed('text/plain', packages)],
      [file, Buffer.isBuffer(served.file) ? bytes(served.file) : served.file],
    ]);
  },
  prepare(directory, base) {
    const place = (path: string): string => join(directory, 'apt', path);
    for (const path of ['state/lists/partial', 'cache/archives/partial', 'etc'])
      mkdirSync(place(path), { recursive: true });
    writeFileSync(place('etc/sources.list'), `deb [trusted=yes] ${base}/debian ./\n`);
    writeFileSync(place('status'), '');
    const settings = {
      'Dir::State': place('state'),
      'Dir::State::status': place('status'),
      'Dir::Cache': place('cache'),
      'Dir::Etc::sourcelist': place('etc/sources.list'),
      'Dir::Etc::sourceparts': '/dev/null',
      'Dir::Etc::preferencesparts': '/dev/null',
      'Acquire::Languages': 'none',
      'Acquire::Retries': '0',
      // Root's apt would become another user, who may not write here.
      'APT::Sandbox::User': 'root',
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
    const hooks = '#clear APT::Update::Post-Invoke-Success;\n#clear APT::Update::Post-Invoke;\n';
    writeFileSync(place('apt.conf'), lines.join('') + hooks);
    const get = `apt-get -q -c '${place('apt.conf')}'`;
    return {
      argv: ['sh', '-c', `${get} update && ${get} download demo`],
      env: hermeticEnvironment(directory, { DEBIAN_FRONTEND: 'noninteractive' }),
      cwd: directory,
    };
  },
  taken: (directory) => takenAsItIs(join(directory, name), { good, evil }),
  stored: (directory) => digestOf(join(directory, name)),
};
