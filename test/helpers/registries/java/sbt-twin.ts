import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand } from '../../origin/run-command.ts';
import { cachedTool, toolDirectory } from '../../tools/cached-tool.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { complaintIn, missingOneOf } from '../commands.ts';
import { mavenTwin } from '../maven/maven-twin.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

const version = '1.11.7';
const key = `sbt-${version}`;
const tool = toolDirectory(key);
/** What sbt itself is made of, and its project definitions need. */
const parts = { boot: join(tool, 'boot'), coursier: join(tool, 'coursier') };

/** sbt resolving a jar and what it needs from the Maven repository; its own parts are there before. */
export const sbtTwin: Twin = {
  name: 'sbt-update',
  tools: ['java'],
  version: ['ls', join(parts.boot, 'scala-2.12.20', 'org.scala-sbt', 'sbt')],
  available: async () => missingOneOf('java', 'mvn') ?? (await cachedTool(key, install)).reason,
  createHandler: (directory) => mavenTwin.createHandler(directory),
  prepare(directory, baseUrl) {
    const resolver = `("twin" at "${baseUrl}/maven").withAllowInsecureProtocol(true)`;
    writeProject(directory, [
      `externalResolvers := Seq(${resolver})`,
      'libraryDependencies += "test.twin" % "extension" % "1.0"',
    ]);
    cpSync(parts.coursier, join(directory, 'coursier'), { recursive: true });
    return {
      argv: update(join(directory, 'coursier')),
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  stored: (directory) =>
    storedBelow(join(directory, 'coursier'), {
      only: /\/maven\/test\/.*\.(?:jar|pom)$/,
      asFetched: true,
      rename: (path) => basename(path),
    }),
};

/** From Maven's repository, by the mvn of this machine for the launcher, and by the launcher for the rest. */
async function install(directory: string): Promise<void> {
  const launcher = `org.scala-sbt:sbt-launch:${version}`;
  const [local, project] = [join(directory, 'maven'), join(directory, 'project')];
  mkdirSync(project);
  writeProject(project, []);
  const copy = ['dependency:copy', `-Dartifact=${launcher}`, `-DoutputDirectory=${directory}`];
  const env = hermeticEnvironment(project);
  for (const [argv, options] of [
    [['mvn', '-B', '-q', `-Dmaven.repo.local=${local}`, ...copy], { cwd: directory }],
    [update(parts.coursier), { cwd: project, env }],
  ] as const) {
    const { code, stdout, stderr } = await runCommand(argv, { ...options, timeoutMs: 240_000 });
    if (code !== 0)
      throw new Error(
        `sbt ${version} could not be installed: ${complaintIn(`${stderr}\n${stdout.toString()}`)}`,
      );
  }
  for (const place of [local, project]) rmSync(place, { recursive: true });
}

/** A project without Scala, which would be resolved too. */
function writeProject(directory: string, settings: readonly string[]): void {
  const plain = ['crossPaths := false', 'autoScalaLibrary := false', 'managedScalaInstance := false'];
  mkdirSync(join(directory, 'project'));
  writeFileSync(join(directory, 'project', 'build.properties'), `sbt.version=${version}\n`);
  writeFileSync(join(directory, 'build.sbt'), `${[...plain, ...settings].join('\n')}\n`);
}

const update = (cache: string): string[] => [
  'java',
  // It lives too briefly for the second compiler to pay.
  '-XX:TieredStopAtLevel=1',
  `-Dsbt.boot.directory=${parts.boot}`,
  `-Dsbt.coursier.home=${cache}`,
  '-Dsbt.supershell=false',
  ...['-jar', join(tool, `sbt-launch-${version}.jar`), 'update'],
];
