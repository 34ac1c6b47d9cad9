import { normalizeHost } from './authority.ts';

/** A matcher for `--passthrough`: exact names and `*.suffix` (which also stands for deeper names, not for the suffix itself). */
export function createHostMatcher(patterns: readonly string[]): (host: string) => boolean {
  const exact = new Set<string>();
  const suffixes: string[] = [];
  for (const pattern of patterns) {
    const host = normalizeHost(pattern);
    if (host.startsWith('*.')) suffixes.push(host.slice(1));
    else exact.add(host);
  }
  return (host) =>
    exact.has(host) || suffixes.some((suffix) => host.endsWith(suffix) && host.length > suffix.length);
}
