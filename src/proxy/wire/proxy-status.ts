import { systemCodeOf } from '../upstream/failures.ts';

/** What the system says of a failed connection, and the error type of it (RFC 9209, 2.3). */
const errorTypes: Readonly<Record<string, string>> = {
  ENOTFOUND: 'dns_error',
  EAI_AGAIN: 'dns_error',
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_terminated',
  ETIMEDOUT: 'connection_timeout',
  EHOSTUNREACH: 'destination_ip_unroutable',
  ENETUNREACH: 'destination_ip_unroutable',
};

/** The value of Proxy-Status (RFC 9209): why there is no connection, for programs. Undefined where the system did not say. */
export function formatProxyStatus(cause: unknown): string | undefined {
  const code = systemCodeOf(cause);
  const type = errorTypes[code];
  return type === undefined ? undefined : `proxaudit; error=${type}; details="${code}"`;
}
