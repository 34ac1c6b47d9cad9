import type { Recipe } from './types.ts';

const java =
  'https://docs.oracle.com/en/java/javase/17/core/java-networking.html#GUID-E6C82625-7C02-4AB3-B15D-0DF8A249CD73';

/** Programs on a JVM. */
export const jvm: readonly Recipe[] = [
  { tool: 'java', variable: 'JAVA_TOOL_OPTIONS', value: 'jvm-options', documentation: java },
  {
    tool: 'maven',
    variable: 'MAVEN_OPTS',
    value: 'jvm-options',
    documentation: 'https://maven.apache.org/configure.html',
  },
  {
    tool: 'gradle',
    variable: 'GRADLE_OPTS',
    value: 'jvm-options',
    documentation: 'https://docs.gradle.org/current/userguide/build_environment.html',
  },
  {
    tool: 'ant',
    variable: 'ANT_OPTS',
    value: 'jvm-options',
    documentation: 'https://ant.apache.org/manual/running.html#envvars',
  },
];
