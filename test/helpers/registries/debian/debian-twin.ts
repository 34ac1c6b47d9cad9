import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { randomBody, sha256 } from '../../origin/random.ts';
import { createAr } from '../archives/ar.ts';
import { createTarGz } from '../archives/tar.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource, text } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Invocation, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const control = `Package: twin-tool
Version: 1.5-1
Architecture: all
Maintainer: Nobody <nobody@registry.test>
Description: a generated package
`;
const fileName = 'twin-tool_1.5-1_all.deb';

/** A flat, unsigned repository, and `apt-get update` and `download` with all of apt's directories private. */
export const debianTwin: Twin = {
  name: 'apt-get-download',
  tools: ['apt'],
  version: ['apt-get', '--version'],
  available: () => missingCommand('apt-get'),
  createHandler: serveDebian,
  prepare: prepareApt,
  stored: (directory) => storedBelow(directory, { only: /^[^/]+\.deb$/, asFetched: true }),
};

function createPackage(): Buffer {
  return createAr({
    'debian-binary': '2.0\n',
    'control.tar.gz': createTarGz({ './control': control }),
    'data.tar.gz': createTarGz({ './usr/share/twin/data': randomBody(80_000, fileName) }),
  });
}

function serveDebian(): Handler {
  const deb = createPackage();
  const packages = `${control}Filename: ./pool/${fileName}\nSize: ${deb.length}\nSHA256: ${sha256(deb)}\n\n`;
  const compressed = gzipSync(packages);
  const listed = [
    ` ${sha256(packages)} ${packages.length} Packages`,
    ` ${sha256(compressed)} ${compressed.length} Packages.gz`,
  ];
  const release = `Origin: Twin\nCodename: first\nDate: Wed, 01 Jan 2020 00:00:00 UTC\nSHA256:\n${listed.join('\n')}\n`;
  const resources: Record<string, Resource> = {
    '/debian/Release': text(release),
    '/debian/Packages': text(packages),
    '/debian/Packages.gz': binary(compressed),
    [`/debian/pool/${fileName}`]: binary(deb),
  };
  return (served) => sendResource(served, resources[served.url.pathname.replace('/./', '/')]);
}

function prepareApt(directory: string, baseUrl: string): Invocation {
  const place = (name: string): string => join(directory, 'apt', name);
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'etc'])
    mkdirSync(place(name), { recursive: true });
  writeFileSync(place('etc/sources.list'), `deb [trusted=yes] ${baseUrl}/debian ./\n`);
  writeFileSync(place('status'), '');
  const settings = {
    'Dir::State': place('state'),
    'Dir::State::status': place('status'),
    'Dir::Cache': place('cache'),
    'Dir::Etc::sourcelist': place('etc/sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Acquire::Languages': 'none',
    // Root's apt would become another user, who may not write here.
    'APT::Sandbox::User': 'root',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
  const hooks = '#clear APT::Update::Post-Invoke-Success;\n#clear APT::Update::Post-Invoke;\n';
  writeFileSync(place('apt.conf'), lines.join('') + hooks);
  const apt = `apt-get -q -c '${place('apt.conf')}'`;
  return {
    argv: ['sh', '-c', `${apt} update && ${apt} download twin-tool`],
    env: hermeticEnvironment(directory, { DEBIAN_FRONTEND: 'noninteractive' }),
    cwd: directory,
  };
}
