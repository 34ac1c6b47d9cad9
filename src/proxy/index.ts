export { startProxy } from './start-proxy.ts';
export { parseAuthority } from './front/authority.ts';
export type { ClientCertificate, Peers, Proxy, ResolveRule, UpstreamProxies } from './types.ts';
