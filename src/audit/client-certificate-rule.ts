import { isIP } from 'node:net';
import { parseAuthority } from '../proxy/index.ts';
import { AuditError } from '../support/errors.ts';
import { isHostPattern } from './option-values.ts';
import type { ClientCertificateRule } from './options.ts';

/** Parses `HOST[:PORT]=FILE` or `HOST[:PORT]=CERT,KEY`; HOST is a name, `*.suffix` or an address (v6 in brackets). */
export function parseClientCertificate(text: string): ClientCertificateRule {
  const separator = text.indexOf('=');
  const place = separator < 0 ? undefined : parsePlace(text.slice(0, separator));
  const [certFile = '', keyFile, ...more] = separator < 0 ? [] : text.slice(separator + 1).split(',');
  if (place === undefined || certFile === '' || keyFile === '' || more.length > 0) {
    throw new AuditError(
      'bad-usage',
      `--client-cert ${text}: expected HOST[:PORT]=FILE or HOST[:PORT]=CERT,KEY`,
    );
  }
  return { ...place, certFile, keyFile };
}

function parsePlace(text: string): Pick<ClientCertificateRule, 'host' | 'port'> | undefined {
  const [, wildcard = '', rest = ''] = /^(\*\.)?(.*)$/.exec(text) ?? [];
  if (isIP(rest) === 6 && wildcard === '') return { host: rest, port: undefined };
  const hasPort = /:\d+$/.test(rest.replace(/^\[.*\]/, ''));
  const place = parseAuthority(rest, hasPort ? undefined : 1);
  if (place === undefined) return undefined;
  const host = wildcard + place.host;
  const isPattern = place.host.includes(':') ? wildcard === '' : isHostPattern(host);
  return isPattern ? { host, port: hasPort ? place.port : undefined } : undefined;
}
