import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createZip } from '../../registries/archives/zip.ts';
import { hermeticEnvironment } from '../../registries/client-environment.ts';
import { bytes, typed, type Reply } from '../reply.ts';
import { digestOf, takenAsItIs, type Registry, type Stage } from '../stage.ts';

const coordinates = (name: string): string =>
  `<groupId>test.twin</groupId><artifactId>${name}</artifactId><version>1.0</version>`;
const pom = (name: string): string =>
  `<project><modelVersion>4.0.0</modelVersion>${coordinates(name)}<packaging>jar</packaging></project>\n`;
export const jar = (mark: string): Buffer =>
  createZip({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n', 'mark.txt': `taken: ${mark}\n` });
export const sidecar = (content: Buffer | string, algorithm = 'sha1'): Reply =>
  typed('text/plain', createHash(algorithm).update(content).digest('hex'));

const good = jar('good');
const evil = jar('evil');
const place = 'test/twin/demo/1.0/demo-1.0';
const file = `/maven/${place}.jar`;
const utilities = '/maven/org/codehaus/plexus/plexus-utils/1.1/plexus-utils-1.1';

/** `mvn validate` of a project with one build extension: Maven has no lockfile. */
export const mvn: Stage = {
  client: 'mvn',
  needs: ['mvn'],
  good,
  evil,
  file,
  registry(_base, served): Registry {
    const listed = served.listed ?? (Buffer.isBuffer(served.file) ? served.file : undefined);
    const registry: Registry = new Map([
      [file, Buffer.isBuffer(served.file) ? bytes(served.file) : served.file],
    ]);
    // Maven adds this one to every extension that does not name it.
    const beside = {
      [`/maven/${place}.pom`]: pom('demo'),
      [`${utilities}.pom`]: pom('plexus-utils')
        .replace('test.twin', 'org.codehaus.plexus')
        .replace('1.0', '1.1'),
      [`${utilities}.jar`]: createZip({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n' }),
    };
    for (const [path, content] of Object.entries(beside)) {
      registry.set(path, bytes(Buffer.from(content)));
      registry.set(`${path}.sha1`, sidecar(content));
    }
    if (listed !== undefined) registry.set(`${file}.sha1`, sidecar(listed));
    return registry;
  },
  prepare(directory, base) {
    const extension = `<build><extensions><extension>${coordinates('demo')}</extension></extensions></build>`;
    const project = `<project><modelVersion>4.0.0</modelVersion>${coordinates('project')}<packaging>pom</packaging>${extension}</project>\n`;
    const mirror = `<mirror><id>twin</id><mirrorOf>*</mirrorOf><url>${base}/maven</url></mirror>`;
    writeFileSync(join(directory, 'pom.xml'), project);
    writeFileSync(join(directory, 'settings.xml'), `<settings><mirrors>${mirror}</mirrors></settings>\n`);
    const places = ['-s', 'settings.xml', `-Dmaven.repo.local=${join(directory, 'repository')}`];
    return {
      argv: ['mvn', '-B', '-q', '-ntp', ...places, `-Duser.home=${join(directory, 'home')}`, 'validate'],
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  beside: ({ name, fileName }) => name.endsWith(':plexus-utils') || fileName?.endsWith('.pom') === true,
  taken: (directory) => takenAsItIs(join(directory, `repository/${place}.jar`), { good, evil }),
  stored: (directory) => digestOf(join(directory, `repository/${place}.jar`)),
};
