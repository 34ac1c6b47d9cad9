import { isIP } from 'node:net';
import type { Destination } from './types.ts';

const MAX_HOST_LENGTH = 255;
// Letters, digits and what internationalised, service (_) and odd internal names use; nothing that could end a line.
const NAME = /^[\p{L}\p{N}._-]+$/u;

/**
 * Parses `host:port`, `[v6]:port`, or `host` with a default port.
 * Returns undefined for anything else: the caller answers 400.
 */
export function parseAuthority(text: string, defaultPort?: number): Destination | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const [, v6, name, portText] = match;
  const port = portText === undefined ? defaultPort : Number(portText);
  if (port === undefined || port < 1 || port > 65535) return undefined;
  if (v6 !== undefined) return isIP(v6) === 6 ? { host: v6, port } : undefined;
  if (name === undefined || name.length > MAX_HOST_LENGTH || !NAME.test(name)) return undefined;
  return { host: normalizeHost(name), port };
}

/** Lower case, without the trailing dot of a fully qualified name. */
export function normalizeHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** `host:port` for messages and URLs; IPv6 in brackets; the port left out where it is the scheme's own. */
export function formatAuthority({ host, port }: Destination, scheme?: 'http' | 'https'): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const isDefault = (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443);
  return isDefault ? name : `${name}:${port}`;
}
