import { basename } from 'node:path';
import { isLoopbackAlone, toNonProxyHosts } from './no-proxy.ts';
import type { Contribution, RecipeContext, ReplacedSetting } from './types.ts';

/** The variable that every JVM reads, and announces on stderr. */
const anyJvm = 'JAVA_TOOL_OPTIONS';

/** The variables that a launcher's own script reads. */
const launchers: Readonly<Record<string, RegExp>> = {
  MAVEN_OPTS: /^mvnw?$/,
  GRADLE_OPTS: /^gradlew?$/,
  ANT_OPTS: /^ant$/,
};

/**
 * Options for whatever JVM the command starts. Where the command itself is a launcher with a variable of its own, that is
 * enough, and the JVM prints no "Picked up JAVA_TOOL_OPTIONS". Without a truststore nothing is set: a JVM that came to us
 * and did not trust us would fail, and there was no Java to be seen.
 */
export function jvmOptions(context: RecipeContext, variable: string): Contribution {
  const { truststoreFile } = context.trust;
  if (truststoreFile === undefined || variableFor(context) !== variable) return { env: {} };
  const previous = context.env[variable] ?? '';
  // Of two settings the JVM takes the later one, and ours hold all that the user's store held.
  const ours = optionsFor(context, variable).join(' ');
  if (previous.includes(ours)) return { env: {} };
  const value = previous === '' ? ours : `${previous} ${ours}`;
  const proxies = namedProxies(previous);
  const isNamed = Object.keys(proxies).length > 0;
  return { env: { [variable]: value }, replaced: isNamed ? [{ name: variable, proxies }] : [] };
}

/** The last one of each counts; the JVM speaks plain HTTP to either. */
function namedProxies(options: string): NonNullable<ReplacedSetting['proxies']> {
  const last = (name: string): string | undefined =>
    [...options.matchAll(new RegExp(`-D${name}=["']?([^\\s"']+)`, 'g'))].at(-1)?.[1];
  const named = (scheme: 'http' | 'https', port: number) => {
    const host = last(`${scheme}\\.proxyHost`);
    const url = `http://${host ?? ''}:${last(`${scheme}\\.proxyPort`) ?? port}`;
    return host === undefined ? {} : { [scheme]: url };
  };
  return { ...named('http', 80), ...named('https', 443) };
}

/** Maven 3 splits its variable at blanks, whatever the quotes, and Maven 4 has a shell read it: nothing may need any. */
function variableFor(context: RecipeContext): string {
  const program = basename(context.command[0] ?? '');
  const own = Object.entries(launchers).find(([, programs]) => programs.test(program))?.[0] ?? anyJvm;
  return own === 'MAVEN_OPTS' && optionsFor(context, own).some(needsQuotes) ? anyJvm : own;
}

function optionsFor(context: RecipeContext, variable: string): string[] {
  const options = listOptions(context, { impliesLoopback: variable === 'MAVEN_OPTS' });
  if (variable === 'MAVEN_OPTS') return options;
  return options.map(variable === anyJvm ? quoteForJvm : quoteForShell);
}

function listOptions(
  { proxy, trust, noProxy }: RecipeContext,
  { impliesLoopback }: { impliesLoopback: boolean },
): string[] {
  const { host, port } = proxy;
  return [
    `-Dhttp.proxyHost=${host}`,
    `-Dhttp.proxyPort=${port}`,
    `-Dhttps.proxyHost=${host}`,
    `-Dhttps.proxyPort=${port}`,
    // Empty, it takes the JVM's built-in loopback exception away. Gradle reads the property alone and knows no exception.
    ...(impliesLoopback && isLoopbackAlone(noProxy)
      ? []
      : [`-Dhttp.nonProxyHosts=${toNonProxyHosts(noProxy)}`]),
    `-Djavax.net.ssl.trustStore=${trust.truststoreFile?.path ?? ''}`,
    `-Djavax.net.ssl.trustStorePassword=${trust.truststoreFile?.password ?? ''}`,
    '-Djavax.net.ssl.trustStoreType=JKS',
    // Maven 3.9's own transport reads the proxy properties only when told to.
    '-Daether.connector.http.useSystemProperties=true',
  ];
}

const needsQuotes = (option: string): boolean => /[^\w./:=,@%+-]/.test(option);

/** The JVM knows both quotes, and no escape within them. */
function quoteForJvm(option: string): string {
  if (!/[\s'"]/.test(option)) return option;
  const [, name = '', value = ''] = /^([^=]*=)(.*)$/s.exec(option) ?? [];
  return value.includes('"') ? `${name}'${value}'` : `${name}"${value}"`;
}

/** Old scripts of Gradle and that of Ant have a shell read the variable; newer ones of Gradle use xargs, which reads this alike. */
function quoteForShell(option: string): string {
  return needsQuotes(option) ? `'${option.replaceAll("'", String.raw`'\''`)}'` : option;
}
