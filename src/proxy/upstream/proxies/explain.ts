import { UpstreamProxyError } from './proxy-error.ts';
import type { UpstreamProxy } from '../../types.ts';

export function demandsCredentials({ shown, source }: UpstreamProxy): UpstreamProxyError {
  return new UpstreamProxyError(
    'upstream-proxy-auth-required',
    `the upstream proxy ${shown} asks for credentials: put them into ${source} (${shown.replace('://', '://USER:PASSWORD@')})`,
  );
}

export function refusesCredentials({ shown, source }: UpstreamProxy): UpstreamProxyError {
  return new UpstreamProxyError(
    'upstream-proxy-auth-refused',
    `the upstream proxy ${shown} does not take the credentials of ${source}: correct them (special characters percent-encoded)`,
  );
}

export function timedOut({ shown }: UpstreamProxy): UpstreamProxyError {
  return new UpstreamProxyError(
    'upstream-proxy-timeout',
    `the upstream proxy ${shown} did not answer in time: see whether it works, or choose another one with --upstream-proxy`,
  );
}

export function closedEarly({ shown }: UpstreamProxy): UpstreamProxyError {
  return new UpstreamProxyError(
    'upstream-proxy-protocol-error',
    `the upstream proxy ${shown} closed the connection without an answer: see whether its scheme and port are right`,
  );
}

/** It answers, but not in the protocol it was spoken to. */
export function notUnderstood({ shown }: UpstreamProxy, what: string): UpstreamProxyError {
  return new UpstreamProxyError(
    'upstream-proxy-protocol-error',
    `the upstream proxy ${shown} did not answer as one: ${what}; see whether its scheme and port are right`,
  );
}

export function unreachable({ shown, source }: UpstreamProxy, cause: unknown): UpstreamProxyError {
  return new UpstreamProxyError(
    'upstream-proxy-unreachable',
    `the upstream proxy ${shown} cannot be reached (${codeOf(cause)}): correct ${source}, or dial directly with --upstream-proxy none`,
    cause,
  );
}

export function tlsFailed({ shown }: UpstreamProxy, cause: unknown): UpstreamProxyError {
  return new UpstreamProxyError(
    'upstream-proxy-tls-failed',
    `TLS to the upstream proxy ${shown} failed (${codeOf(cause)}): give the root of its certificate with --upstream-ca FILE, ` +
      'or name it by http:// if it speaks no TLS',
    cause,
  );
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : 'unknown';
}
