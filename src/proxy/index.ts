export { startProxy } from './start-proxy.ts';
export { parseAuthority, normalizeHost } from './front/authority.ts';
export type { Peers, Pem, Proxy, ProxyOptions, Redaction, ResolveRule } from './types.ts';
