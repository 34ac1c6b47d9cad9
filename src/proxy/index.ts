export { startProxy } from './start-proxy.ts';
export { parseAuthority } from './authority.ts';
export type { ClientCertificate, Peers, Proxy, ResolveRule, UpstreamProxies } from './types.ts';
