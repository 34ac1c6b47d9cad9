import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownEnvironment } from '../client-environment.ts';
import { storedByMaven } from '../maven/maven-twin.ts';
import type { Invocation } from '../scenario.ts';
import { realScenario } from './probe.ts';

/** `mvn dependency:get` of one jar, with the plugin and all that it needs. */
export const realMaven = realScenario({
  name: 'mvn-dependency-get-real',
  tools: ['maven'],
  version: ['mvn', '--version'],
  commands: ['mvn'],
  prepare: (directory) => mvn(directory, ['dependency:get', '-Dartifact=commons-io:commons-io:2.16.1']),
  /** Fetches one bill of materials and no plugin. */
  probe(directory) {
    const bom = '<groupId>org.junit</groupId><artifactId>junit-bom</artifactId><version>5.10.2</version>';
    const imported = `<dependencies><dependency>${bom}<type>pom</type><scope>import</scope></dependency></dependencies>`;
    const own =
      '<groupId>probe</groupId><artifactId>probe</artifactId><version>1</version><packaging>pom</packaging>';
    const project = `<modelVersion>4.0.0</modelVersion>${own}<dependencyManagement>${imported}</dependencyManagement>`;
    writeFileSync(join(directory, 'pom.xml'), `<project>${project}</project>\n`);
    return mvn(directory, ['validate']);
  },
  stored: (directory) => storedByMaven(join(directory, 'repository')),
});

const mvn = (directory: string, args: readonly string[]): Invocation => ({
  argv: ['mvn', '-B', '-q', `-Dmaven.repo.local=${join(directory, 'repository')}`, ...args],
  env: ownEnvironment({ XDG_STATE_HOME: join(directory, 'xdg-state') }),
  cwd: directory,
});
