import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomBody } from '../../origin/random.ts';
import { cachedTool, toolDirectory } from '../../tools/cached-tool.ts';
import { createZip } from '../archives/zip.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingOneOf, runOffline } from '../commands.ts';
import { binary, sendResource } from '../responses.ts';
import type { Handler, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const key = 'gradle-wrapper';
const wrapper = ['gradlew', 'gradle/wrapper/gradle-wrapper.jar'];
const mainClass = 'org/gradle/launcher/GradleMain';
const distribution = 'gradle-9.9-bin.zip';

/** `gradlew`, as Gradle writes it into projects, fetching a distribution, whose program does nothing. */
export const gradleWrapperTwin: Twin = {
  name: 'gradlew',
  tools: ['gradle'],
  version: ['gradle', '--version'],
  available: async () => missingOneOf('gradle', 'javac') ?? (await cachedTool(key, install)).reason,
  createHandler: serveDistribution,
  prepare(directory, baseUrl) {
    mkdirSync(join(directory, dirname(wrapper[1] ?? '')), { recursive: true });
    for (const file of wrapper) copyFileSync(join(toolDirectory(key), file), join(directory, file));
    const places = ['distribution', 'zipStore'].map(
      (name) => `${name}Base=GRADLE_USER_HOME\n${name}Path=wrapper/dists\n`,
    );
    writeFileSync(
      join(directory, 'gradle/wrapper/gradle-wrapper.properties'),
      `${places.join('')}distributionUrl=${baseUrl}/${distribution}\n`,
    );
    return {
      argv: ['./gradlew', '-g', join(directory, 'home', 'gradle'), 'help'],
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  stored: (directory) =>
    storedBelow(join(directory, 'home', 'gradle'), {
      only: /\.(?:zip|bin)$/,
      asFetched: false,
      rename: (path) => basename(path),
    }),
};

function install(directory: string): void {
  const options = { cwd: directory, env: hermeticEnvironment(directory) };
  writeFileSync(join(directory, 'settings.gradle'), '');
  runOffline(['gradle', '--no-daemon', '--offline', '-q', 'wrapper'], options);
  const source =
    'package org.gradle.launcher; public class GradleMain { public static void main(String[] a) {} }\n';
  writeFileSync(join(directory, 'GradleMain.java'), source);
  runOffline(['javac', '-d', '.', 'GradleMain.java'], options);
}

function serveDistribution(): Handler {
  const launcher = createZip({
    [`${mainClass}.class`]: readFileSync(join(toolDirectory(key), `${mainClass}.class`)),
  });
  // It makes no folder that has no entry.
  const folders = { 'gradle-9.9/': '', 'gradle-9.9/bin/': '', 'gradle-9.9/lib/': '' };
  const content = createZip({
    ...folders,
    'gradle-9.9/bin/gradle': '#!/bin/sh\n',
    'gradle-9.9/lib/gradle-launcher-9.9.jar': launcher,
    'gradle-9.9/data.bin': randomBody(150_000, 'gradle distribution'),
  });
  return (served) =>
    sendResource(served, served.url.pathname === `/${distribution}` ? binary(content) : undefined);
}
