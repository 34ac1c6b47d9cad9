import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Variables } from './types.ts';

/** Where options for a JVM are passed by environment. */
const optionVariables = [
  'JAVA_TOOL_OPTIONS',
  'JDK_JAVA_OPTIONS',
  '_JAVA_OPTIONS',
  'MAVEN_OPTS',
  'GRADLE_OPTS',
];
const trustStoreOption = /-Djavax\.net\.ssl\.trustStore=(?:"([^"]*)"|'([^']*)'|(\S+))/g;

/** Stores whose certificates a JVM of this user trusts; undefined when no Java is to be seen. */
export function findJavaStores(env: Variables): string[] | undefined {
  const named = optionVariables.flatMap((variable) => namedStores(env[variable] ?? ''));
  const home = javaHome(env);
  if (home === undefined && named.length === 0) return undefined;
  const cacerts = ['lib/security/cacerts', 'jre/lib/security/cacerts'].map((path) => join(home ?? '', path));
  return [...named, ...(home === undefined ? [] : cacerts.filter((path) => existsSync(path)))];
}

function namedStores(options: string): string[] {
  return [...options.matchAll(trustStoreOption)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** JAVA_HOME, else what `java` on PATH leads to: its home is above the `bin` folder. */
function javaHome(env: Variables): string | undefined {
  if (env['JAVA_HOME'] && existsSync(env['JAVA_HOME'])) return env['JAVA_HOME'];
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const java = join(folder, 'java');
    if (folder === '' || !existsSync(java)) continue;
    try {
      return dirname(dirname(realpathSync(java)));
    } catch {
      return undefined;
    }
  }
  return undefined;
}
