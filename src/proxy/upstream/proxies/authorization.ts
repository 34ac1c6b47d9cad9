import type { UpstreamProxy } from '../../types.ts';

/** The value of Proxy-Authorization, where there are credentials. */
export function authorizationFor({ username, password }: UpstreamProxy): string | undefined {
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}
