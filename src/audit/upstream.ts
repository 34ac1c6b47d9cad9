import type { ClientCertificate, UpstreamProxies } from '../proxy/index.ts';
import type { ProxyOptions } from './options.ts';

/** What stands between us and the servers, and what we show them. */
export interface Upstream {
  readonly proxies: UpstreamProxies | undefined;
  readonly certificates: readonly ClientCertificate[];
}

const proxyVariable = /^(?:https?|all)_proxy$/i;

/** Reads the user's settings for the far side. Throws `AuditError`. Without any, nothing is loaded for it. */
export async function loadUpstream(options: ProxyOptions): Promise<Upstream> {
  const { env, upstreamProxy, clientCertificates } = options;
  const namesProxy = upstreamProxy !== undefined || Object.keys(env).some((name) => proxyVariable.test(name));
  const [proxies, certificates] = await Promise.all([
    namesProxy ? loadProxies(options) : undefined,
    clientCertificates.length > 0 ? loadCertificates(options) : [],
  ]);
  return { proxies, certificates };
}

async function loadProxies({ env, upstreamProxy }: ProxyOptions): Promise<UpstreamProxies | undefined> {
  const { readUpstreamProxies } = await import('../proxy/upstream/proxies/read-upstream-proxies.ts');
  return readUpstreamProxies({ env, option: upstreamProxy });
}

async function loadCertificates({ env, clientCertificates }: ProxyOptions): Promise<ClientCertificate[]> {
  const { loadClientCertificate } = await import('../certificates/load-client-certificate.ts');
  return clientCertificates.map(({ host, port, ...files }) => ({
    host,
    port,
    ...loadClientCertificate(files, env['PROXAUDIT_CLIENT_CERT_PASSPHRASE']),
  }));
}
