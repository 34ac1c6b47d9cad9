import type { ProxyOptions } from '../../../src/proxy/types.ts';
import { readUpstreamProxies } from '../../../src/proxy/upstream/proxies/read-upstream-proxies.ts';

/** Options of an audited proxy that goes through `option`, for loopback too. */
export function through(option: string): { overrides: Partial<ProxyOptions> } {
  const env = { PROXAUDIT_ACTIVE_RUN: 'the-tests' };
  return { overrides: { upstreamProxies: readUpstreamProxies({ env, option }) } };
}
