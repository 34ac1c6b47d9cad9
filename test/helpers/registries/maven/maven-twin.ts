import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { createZip } from '../archives/zip.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { binary, sendResource, text } from '../responses.ts';
import type { Resource } from '../responses.ts';
import type { Handler, Invocation, StoredFile, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

/**
 * A Maven repository, and `mvn validate` of a project without any plugin: its parent, an imported bill of materials and
 * a build extension (a jar) all come from the repository, so that a real Maven fetches without the public plugins.
 */
export const mavenTwin: Twin = {
  name: 'mvn-validate',
  tools: ['maven'],
  version: ['mvn', '--version'],
  available: () => missingCommand('mvn'),
  createHandler: serveMaven,
  prepare: prepareMaven,
  stored: (directory) => storedByMaven(join(directory, 'repository')),
};

const group = 'test.twin';
const version = '1.0';

const pom = (name: string, packaging: string, more = ''): string =>
  `<project><modelVersion>4.0.0</modelVersion><groupId>${group}</groupId><artifactId>${name}</artifactId>` +
  `<version>${version}</version><packaging>${packaging}</packaging>${more}</project>\n`;
const coordinates = (name: string): string =>
  `<groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>`;

const createJar = (name: string, size: number): Buffer =>
  createZip({
    'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n',
    'data.bin': randomBody(size, `maven ${name}`),
  });

function artifacts(): Record<string, Buffer | string> {
  const at = (name: string, extension: string): string =>
    `test/twin/${name}/${version}/${name}-${version}.${extension}`;
  const dependency = `<dependencies><dependency>${coordinates('library')}</dependency></dependencies>`;
  return {
    [at('parent', 'pom')]: pom('parent', 'pom'),
    [at('bom', 'pom')]: pom('bom', 'pom'),
    [at('extension', 'pom')]: pom('extension', 'jar', dependency),
    [at('extension', 'jar')]: createJar('extension', 20_000),
    [at('library', 'pom')]: pom('library', 'jar'),
    [at('library', 'jar')]: createJar('library', 90_000),
    // Maven adds this one to every plugin and extension that does not name it.
    'org/codehaus/plexus/plexus-utils/1.1/plexus-utils-1.1.jar': createJar('plexus-utils', 100),
    'org/codehaus/plexus/plexus-utils/1.1/plexus-utils-1.1.pom': pom('plexus-utils', 'jar'),
  };
}

function serveMaven(): Handler {
  const resources = new Map<string, Resource>();
  for (const [path, content] of Object.entries(artifacts())) {
    resources.set(`/maven/${path}`, binary(Buffer.from(content)));
    resources.set(`/maven/${path}.sha1`, text(createHash('sha1').update(content).digest('hex')));
  }
  return (served) => sendResource(served, resources.get(served.url.pathname));
}

function prepareMaven(directory: string, baseUrl: string): Invocation {
  const imported = `<dependency>${coordinates('bom')}<type>pom</type><scope>import</scope></dependency>`;
  const project =
    `<project><modelVersion>4.0.0</modelVersion><parent>${coordinates('parent')}<relativePath/></parent>` +
    '<artifactId>project</artifactId><packaging>pom</packaging>' +
    `<dependencyManagement><dependencies>${imported}</dependencies></dependencyManagement>` +
    `<build><extensions><extension>${coordinates('extension')}</extension></extensions></build></project>\n`;
  const mirror = `<mirror><id>twin</id><mirrorOf>*</mirrorOf><url>${baseUrl}/maven</url></mirror>`;
  writeFileSync(join(directory, 'pom.xml'), project);
  writeFileSync(join(directory, 'settings.xml'), `<settings><mirrors>${mirror}</mirrors></settings>\n`);
  const places = ['-s', 'settings.xml', `-Dmaven.repo.local=${join(directory, 'repository')}`];
  const home = `-Duser.home=${join(directory, 'home')}`;
  return {
    argv: ['mvn', '-B', '-q', '-ntp', ...places, home, 'validate'],
    env: hermeticEnvironment(directory),
    cwd: directory,
  };
}

/** Jars and POMs in a local repository, by file name. */
export const storedByMaven = (repository: string): StoredFile[] =>
  storedBelow(repository, { only: /\.(jar|pom)$/, asFetched: true, rename: (path) => basename(path) });
