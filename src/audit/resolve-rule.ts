import { isIP } from 'node:net';
import { parseAuthority, type ResolveRule } from '../proxy/index.ts';
import { AuditError } from '../support/errors.ts';

/** Parses `HOST[:PORT]=ADDR[:PORT]`; ADDR is an IP address (v6 in brackets) or a name. */
export function parseResolveRule(text: string): ResolveRule {
  const separator = text.indexOf('=');
  const from = separator < 0 ? undefined : parsePlace(text.slice(0, separator));
  const to = separator < 0 ? undefined : parsePlace(text.slice(separator + 1));
  if (from === undefined || to === undefined) {
    throw new AuditError('bad-usage', `--resolve ${text}: expected HOST[:PORT]=ADDRESS[:PORT]`);
  }
  return { host: from.host, port: from.port, address: to.host, toPort: to.port };
}

function parsePlace(text: string): { host: string; port: number | undefined } | undefined {
  if (isIP(text) === 6) return { host: text, port: undefined };
  const withPort = parseAuthority(text);
  if (withPort !== undefined) return withPort;
  const host = parseAuthority(text, 1);
  return host === undefined ? undefined : { host: host.host, port: undefined };
}
