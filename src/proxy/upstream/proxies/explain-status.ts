import { demandsCredentials, refusesCredentials } from './explain.ts';
import { UpstreamProxyError } from './proxy-error.ts';
import type { UpstreamProxy } from '../../types.ts';

/** What an HTTP proxy said instead of doing what it was asked. */
export interface Answer {
  readonly status: number;
  /** Names of the ways of authentication that it offers. */
  readonly schemes: readonly string[];
}

/** A 407 to a request that an HTTP proxy was to pass on, as an error: it is ours to answer, not the client's. */
export function explainDemand(proxy: UpstreamProxy, challenges: readonly string[]): UpstreamProxyError {
  return explainStatus(proxy, { status: 407, schemes: schemesOf(challenges) }, 'to a request');
}

export function explainStatus(
  proxy: UpstreamProxy,
  { status, schemes }: Answer,
  what: string,
): UpstreamProxyError {
  const { shown, username } = proxy;
  const who = `the upstream proxy ${shown}`;
  if (status !== 407) {
    const isDenied = status === 401 || status === 403 || status === 405 || status === 451;
    return new UpstreamProxyError(
      isDenied ? 'upstream-proxy-denied' : 'upstream-proxy-failed',
      `${who} answered ${status} ${what}: ${isDenied ? 'it does not allow it' : 'it could not reach it'}; ` +
        'ask whoever runs it, or except the host with NO_PROXY',
    );
  }
  if (schemes.length > 0 && !schemes.includes('basic')) {
    return new UpstreamProxyError(
      'upstream-proxy-auth-unsupported',
      `${who} asks for ${schemes.join(' or ')}, and proxaudit can give it Basic only: ` +
        'put a local proxy between that can, and name it with --upstream-proxy',
    );
  }
  return username === undefined ? demandsCredentials(proxy) : refusesCredentials(proxy);
}

/** A field may hold several challenges; a scheme is a word that no `=` follows. */
export function schemesOf(challenges: readonly string[]): string[] {
  const names = challenges.flatMap((challenge) =>
    [...challenge.matchAll(/(?:^|,)\s*([A-Za-z][A-Za-z0-9_-]{0,30})(?=\s+[^\s=]|\s*(?:,|$))/g)].map(
      ([, name = '']) => name.toLowerCase(),
    ),
  );
  return [...new Set(names)].slice(0, 8);
}
