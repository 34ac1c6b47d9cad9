import { basename, join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingCommand } from '../commands.ts';
import { mavenTwin } from '../maven/maven-twin.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

/** Gradle resolving a jar and what it needs from the Maven repository; its daemon does that. */
export const gradleTwin: Twin = {
  name: 'gradle-resolve',
  tools: ['gradle'],
  version: ['gradle', '--version'],
  available: () => missingCommand('gradle'),
  createHandler: (directory) => mavenTwin.createHandler(directory),
  prepare(directory, baseUrl) {
    writeFileSync(
      join(directory, 'build.gradle'),
      `repositories { maven { url '${baseUrl}/maven' } }\nconfigurations { twins }\n` +
        `dependencies { twins 'test.twin:extension:1.0' }\n` +
        'task resolve { doLast { configurations.twins.files.each { println it.name } } }\n',
    );
    const home = join(directory, 'gradle');
    return {
      argv: ['gradle', '-q', '-g', home, '-Dorg.gradle.daemon.idletimeout=1000', 'resolve'],
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  stored: (directory) =>
    storedBelow(join(directory, 'gradle', 'caches'), {
      only: /files-2\.1\/.*\.(?:jar|pom)$/,
      asFetched: true,
      rename: (path) => basename(path),
    }),
};
