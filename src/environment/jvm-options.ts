import { basename } from 'node:path';
import { toNonProxyHosts } from './no-proxy.ts';
import type { Contribution, RecipeContext } from './types.ts';

type Launcher = 'maven' | 'gradle' | 'java';

/**
 * Options for whatever JVM the command starts. Where the command itself is Maven or Gradle, its own variable is enough,
 * and the JVM prints no "Picked up JAVA_TOOL_OPTIONS". Without a truststore nothing is set: a JVM that came to us and
 * did not trust us would fail, and there was no Java to be seen.
 */
export function jvmOptions(context: RecipeContext, variable: string, launcher: Launcher): Contribution {
  const { truststoreFile } = context.trust;
  if (truststoreFile === undefined || launcherOf(context) !== launcher) return { env: {} };
  const previous = context.env[variable] ?? '';
  // Of two settings the JVM takes the later one, and ours hold all that the user's store held.
  const value = [previous, ...options(context, truststoreFile)].filter((option) => option !== '').join(' ');
  const replaced = /-Dhttps?\.proxyHost=/.test(previous) ? [variable] : [];
  return { env: { [variable]: value }, replaced };
}

/** Maven's script splits its variable at blanks, whatever the quotes: a path with a blank needs the JVM's own variable. */
function launcherOf({ command, trust }: RecipeContext): Launcher {
  if (/\s/.test(trust.truststoreFile?.path ?? '')) return 'java';
  const program = basename(command[0] ?? '');
  if (program === 'mvn' || program === 'mvnw') return 'maven';
  return program === 'gradle' || program === 'gradlew' ? 'gradle' : 'java';
}

function options(context: RecipeContext, truststore: { path: string; password: string }): string[] {
  const { host, port } = context.proxy;
  return [
    `-Dhttp.proxyHost=${host}`,
    `-Dhttp.proxyPort=${port}`,
    `-Dhttps.proxyHost=${host}`,
    `-Dhttps.proxyPort=${port}`,
    // Empty, it even takes the JVM's built-in loopback exception away.
    `-Dhttp.nonProxyHosts=${toNonProxyHosts(context.noProxy)}`,
    `-Djavax.net.ssl.trustStore=${quote(truststore.path)}`,
    `-Djavax.net.ssl.trustStorePassword=${truststore.password}`,
    '-Djavax.net.ssl.trustStoreType=JKS',
    // Maven 3.9's own transport reads the proxy properties only when told to.
    '-Daether.connector.http.useSystemProperties=true',
  ];
}

function quote(path: string): string {
  if (!/[\s'"]/.test(path)) return path;
  return path.includes('"') ? `'${path}'` : `"${path}"`;
}
