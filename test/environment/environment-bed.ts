import { environmentFor } from '../../src/environment/index.ts';
import type { EnvironmentOptions } from '../../src/environment/types.ts';

export const trust = {
  directory: '/tmp/trust',
  fileMode: 0o644,
  caFile: '/tmp/trust/ca.pem',
  caPem: 'OURS\n',
  bundleFile: '/tmp/trust/bundle.pem',
  truststoreFile: { path: '/tmp/trust/truststore.jks', password: 'changeit' },
};
export const url = 'http://127.0.0.1:4321';

/** The environment of a command, of a user who has these variables. */
export function child(env: Record<string, string> = {}, more: Partial<EnvironmentOptions> = {}) {
  return environmentFor({
    env,
    proxy: { host: '127.0.0.1', port: 4321 },
    trust,
    includeLocal: false,
    command: ['make'],
    runId: 'run-1',
    preloadFile: '/opt/proxaudit/preload.cjs',
    userFiles: {},
    ...more,
  });
}

/** Contents of the files for the child, by the last part of their path. */
export function filesOf(result: ReturnType<typeof child>): Record<string, string> {
  return Object.fromEntries(
    result.files.map(({ path, content }) => [path.slice(trust.directory.length + 1), content]),
  );
}
