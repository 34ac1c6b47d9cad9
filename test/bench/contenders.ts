import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawnClient } from './contender.ts';
import type { Contender } from './contender.ts';
import type { TlsFiles } from './serve-until-stdin-closes.ts';
import type { RunningProgram } from './start-program.ts';

/** The origin's name through proxaudit, which leaves loopback alone. */
export const benchHost = 'bench.test';

/** Variables by which curl and Node trust `ca`, and those that name a proxy. */
const clientVariables = (ca: string, proxyPort?: number): NodeJS.ProcessEnv => ({
  CURL_CA_BUNDLE: ca,
  SSL_CERT_FILE: ca,
  NODE_EXTRA_CA_CERTS: ca,
  ...(proxyPort !== undefined && { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}` }),
});

/** Straight to the origin. */
export const direct = (base: string, tls: TlsFiles): Contender => ({
  name: 'direct',
  launch: (client) => ({ child: spawnClient(client(base), clientVariables(tls.ca)), proxyPid: undefined }),
});

/** Through a proxy that runs already; `ca` is what its clients must trust. */
export const through = (
  name: 'relay' | 'pipe' | 'mitmdump' | 'goproxy',
  { proxy, base, ca }: { proxy: Pick<RunningProgram, 'pid' | 'port'>; base: string; ca: string },
): Contender => ({
  name,
  launch: (client) => ({
    child: spawnClient(client(base), clientVariables(ca, proxy.port)),
    proxyPid: proxy.pid,
  }),
});

export interface ProxauditOptions {
  /** Root of its checkout. */
  readonly root: string;
  /** Where its journals go. */
  readonly state: string;
  readonly originPort: number;
  readonly ca: string;
  /** Further options, for example `--passthrough`. */
  readonly options?: readonly string[];
}

/** Why proxaudit cannot be measured, or undefined. */
export const missingProduct = (root: string): string | undefined =>
  existsSync(join(root, 'dist', 'cli.js')) ? undefined : 'dist/cli.js is missing: run `npm run build`';

/** proxaudit with a client under it. */
export function proxaudit({ root, state, originPort, ca, options = [] }: ProxauditOptions): Contender {
  const own = [
    '--resolve',
    `${benchHost}:443=127.0.0.1:${originPort}`,
    '--upstream-ca',
    ca,
    '--summary',
    'never',
  ];
  const argv = [process.execPath, join(root, 'bin', 'proxaudit.js'), ...own, ...options, '--'];
  return {
    name: 'proxaudit',
    launch(client) {
      // What the user trusts already stays trusted, as a tunnelled connection needs.
      const env = { ...clientVariables(ca), XDG_STATE_HOME: state };
      const child = spawnClient([...argv, ...client(`https://${benchHost}`)], env);
      return { child, proxyPid: child.pid };
    },
  };
}
