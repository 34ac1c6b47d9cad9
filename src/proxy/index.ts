export { startProxy } from './start-proxy.ts';
export { parseAuthority } from './front/authority.ts';
export type { Peers, Proxy, ResolveRule } from './types.ts';
