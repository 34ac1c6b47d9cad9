import type * as Util from 'node:util';
import { createRequire } from 'node:module';
import type { Endpoint } from './proxy-settings.ts';

/** Names that could not be resolved, in Node's words and libuv's. */
const lookupErrors: Readonly<Record<string, string>> = { ENOTFOUND: 'EAI_NONAME', EAI_AGAIN: 'EAI_AGAIN' };

/**
 * What a direct connection would have failed with, where the answer to CONNECT names it (Proxy-Status, RFC 9209): programs
 * look at the code to know whether they should try again.
 */
export function readConnectError(head: string, { host, port }: Endpoint): Error | undefined {
  const code = /^proxy-status:.*; *details="(E[A-Z_]+)"/im.exec(head)?.[1];
  if (code === undefined) return undefined;
  const lookup = lookupErrors[code];
  if (lookup !== undefined) {
    const error = new Error(`getaddrinfo ${code} ${host}`);
    return Object.assign(error, { errno: numberOf(lookup), code, syscall: 'getaddrinfo', hostname: host });
  }
  const error = new Error(`connect ${code} ${host}:${port}`);
  return Object.assign(error, { errno: numberOf(code), code, syscall: 'connect', address: host, port });
}

function numberOf(name: string): number | undefined {
  const { getSystemErrorMap } = createRequire(__filename)('util') as typeof Util;
  for (const [errno, [known]] of getSystemErrorMap()) if (known === name) return errno;
  return undefined;
}
