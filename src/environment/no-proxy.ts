import type { Variables } from './types.ts';

/** Bare `::1`: Python's httpx fails on the bracketed form. */
const loopback = ['localhost', '127.0.0.1', '::1'];
const loopbackEntry =
  /^(?:\*?\.?localhost(?:\.localdomain)?|ip6-localhost|127(?:\.[\d*]+){1,3}(?:\/\d+)?|::1(?:\/128)?|\[::1\])(?::\d+)?$/i;

export interface NoProxy {
  /** The list for the child. */
  readonly entries: readonly string[];
  /** What of it keeps hosts other than loopback away from us. */
  readonly bypassed: readonly string[];
}

/**
 * The user's NO_PROXY and no_proxy in one list, with loopback added, or without it when loopback is to be audited. A `*`
 * would leave nothing to audit and is not kept; behind us it is, so that the way is the direct one that it asks for.
 */
export function mergeNoProxy(env: Variables, includeLocal: boolean): NoProxy {
  const named = `${env['NO_PROXY'] ?? ''},${env['no_proxy'] ?? ''}`
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  const bypassed = [...new Set(named)].filter((entry) => entry !== '*' && !loopbackEntry.test(entry));
  const local = [...new Set(named)].filter((entry) => loopbackEntry.test(entry) && !entry.startsWith('['));
  return {
    entries: includeLocal ? bypassed : [...new Set([...bypassed, ...local, ...loopback])],
    bypassed,
  };
}

/** Whether the list keeps no more away from us than a JVM does by itself. */
export function isLoopbackAlone(entries: readonly string[]): boolean {
  return entries.length === loopback.length && loopback.every((entry) => entries.includes(entry));
}

/** The list in the syntax of Java's `http.nonProxyHosts`, which knows neither networks nor ports. */
export function toNonProxyHosts(entries: readonly string[]): string {
  return entries.flatMap(toJavaPatterns).join('|');
}

function toJavaPatterns(entry: string): string[] {
  if (/^[0-9a-f]*:[0-9a-f:]+$/i.test(entry)) return [`[${entry}]`];
  if (!/^[A-Za-z0-9.*_-]+$/.test(entry)) return [];
  if (entry.startsWith('.')) return [`*${entry}`];
  // Elsewhere a name stands for everything below it too; an address, `localhost` or a pattern does not.
  return /^[\d.]+$|^localhost$|\*/i.test(entry) ? [entry] : [entry, `*.${entry}`];
}
