import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { EnvironmentOptions } from '../../src/environment/types.ts';
import { child, trust } from './environment-bed.ts';

const variables = ['JAVA_TOOL_OPTIONS', 'MAVEN_OPTS', 'GRADLE_OPTS', 'ANT_OPTS'];
const jvm = ({ env }: ReturnType<typeof child>) =>
  Object.fromEntries(variables.filter((name) => name in env).map((name) => [name, env[name]]));
const withStore = (path: string) => ({ trust: { ...trust, truststoreFile: { path, password: 'changeit' } } });

const proxy =
  '-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=4321 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4321';
const store = [
  '-Djavax.net.ssl.trustStore=/tmp/trust/truststore.jks -Djavax.net.ssl.trustStorePassword=changeit',
  '-Djavax.net.ssl.trustStoreType=JKS -Daether.connector.http.useSystemProperties=true',
].join(' ');
const direct = '-Dhttp.nonProxyHosts=localhost|127.0.0.1|[::1]';

describe('options for the JVM', () => {
  it.each([
    ['make', 'JAVA_TOOL_OPTIONS', `${proxy} ${direct} ${store}`],
    ['java', 'JAVA_TOOL_OPTIONS', `${proxy} ${direct} ${store}`],
    ['/usr/bin/mvn', 'MAVEN_OPTS', `${proxy} ${store}`],
    ['./mvnw', 'MAVEN_OPTS', `${proxy} ${store}`],
    ['gradle', 'GRADLE_OPTS', `${proxy} '${direct}' ${store}`],
    ['../gradlew', 'GRADLE_OPTS', `${proxy} '${direct}' ${store}`],
    ['ant', 'ANT_OPTS', `${proxy} '${direct}' ${store}`],
  ])('for %s are in %s alone', (program, variable, options) => {
    expect(jvm(child({}, { command: [program, 'install'] }))).toEqual({ [variable]: options });
  });

  it("stand after the user's own, which stay", () => {
    const { env, replaced } = child(
      {
        MAVEN_OPTS: '-Xmx2g -Dhttps.proxyHost=corporate.example',
        JAVA_TOOL_OPTIONS: '-Dfile.encoding=UTF-8',
      },
      { command: ['mvn'] },
    );
    expect(env['MAVEN_OPTS']).toBe(`-Xmx2g -Dhttps.proxyHost=corporate.example ${proxy} ${store}`);
    expect(env['JAVA_TOOL_OPTIONS']).toBe('-Dfile.encoding=UTF-8');
    expect(replaced.map(({ name }) => name)).toEqual(['MAVEN_OPTS']);
  });

  it('are not set where there is no truststore', () => {
    const without = Object.fromEntries(
      Object.entries(trust).filter(([name]) => name !== 'truststoreFile'),
    ) as unknown as EnvironmentOptions['trust'];
    expect(jvm(child({ MAVEN_OPTS: '-Xmx1g' }, { trust: without, command: ['mvn'] }))).toEqual({
      MAVEN_OPTS: '-Xmx1g',
    });
  });

  it.each([
    [
      'a blank',
      {},
      withStore('/tmp/a b/truststore.jks'),
      '-Djavax.net.ssl.trustStore="/tmp/a b/truststore.jks"',
    ],
    ['a bar', { NO_PROXY: 'corp.example' }, {}, '-Dhttp.nonProxyHosts=corp.example|*.corp.example|'],
  ])("use the JVM's own variable where Maven's would need quotes for %s", (_, env, more, expected) => {
    const result = jvm(child(env, { ...more, command: ['mvn'] }));
    expect(Object.keys(result)).toEqual(['JAVA_TOOL_OPTIONS']);
    expect(result['JAVA_TOOL_OPTIONS']).toContain(expected);
  });

  it('reach Gradle and Ant unharmed by the shell and the xargs that read them', () => {
    const path = `/tmp/o'clock & "co" $(x)/truststore.jks`;
    const { GRADLE_OPTS = '' } = jvm(child({}, { ...withStore(path), command: ['gradle'] }));
    for (const script of [
      'eval set -- $GRADLE_OPTS; printf "%s\\n" "$@"',
      'printf "%s\\n" "$GRADLE_OPTS" | xargs -n1',
    ]) {
      const lines = execFileSync('sh', ['-c', script], {
        env: { ...process.env, GRADLE_OPTS },
        encoding: 'utf8',
      });
      expect(lines.split('\n')).toEqual(
        expect.arrayContaining([direct, `-Djavax.net.ssl.trustStore=${path}`]),
      );
    }
  });

  it('translate NO_PROXY to what Java understands', () => {
    const { env } = child({
      NO_PROXY: 'corp.example,.sub.example,*.any.example,10.1.2.3,10.0.0.0/8,h:81,2001:db8::1,a"b',
    });
    const hosts = /-Dhttp\.nonProxyHosts=(\S*)/.exec(env['JAVA_TOOL_OPTIONS'] ?? '')?.[1];
    expect(hosts).toBe(
      'corp.example|*.corp.example|*.sub.example|*.any.example|10.1.2.3|[2001:db8::1]|localhost|127.0.0.1|[::1]',
    );
  });

  it('take the loopback exception of the JVM away to audit loopback', () => {
    for (const command of ['make', 'mvn', 'gradle']) {
      const options = Object.values(jvm(child({}, { includeLocal: true, command: [command] }))).join();
      expect(options, command).toMatch(/-Dhttp\.nonProxyHosts= -D/);
    }
  });
});
