import { AuditError } from '../../../support/errors.ts';
import { formatAuthority, parseAuthority } from '../../authority.ts';
import type { ProxyProtocol, UpstreamProxy } from '../../types.ts';

/** As curl has them; `https` is its own there too. */
const defaultPorts: Readonly<Record<ProxyProtocol, number>> = {
  http: 80,
  https: 443,
  socks4: 1080,
  socks4a: 1080,
  socks5: 1080,
  socks5h: 1080,
};
/** What other tools call the same. */
const synonyms: Readonly<Record<string, ProxyProtocol>> = { socks: 'socks5h' };

const EXPECTED =
  'http://, https://, socks5h://, socks5://, socks4a:// or socks4://[USER:PASSWORD@]HOST[:PORT]';
/** The length of a name or password in RFC 1929 is one byte. */
const MAX_SOCKS_CREDENTIAL = 255;
const MAX_URL = 4096;

/**
 * Reads the URL of a proxy; without a scheme it is an HTTP proxy. Paths are left out, as other tools do.
 * @param source the option or variable it comes from
 * @throws AuditError `bad-usage`, in whose message no credentials stand
 */
export function parseProxyUrl(text: string, source: string): UpstreamProxy {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^/?#]*)@)?([^/?#@]+)(?:[/?#].*)?$/i.exec(text.trim());
  if (match === null || text.length > MAX_URL) throw refuse(source, 'names no proxy by a URL');
  const [, scheme = 'http', userinfo, authority = ''] = match;
  const protocol = protocolOf(scheme.toLowerCase());
  if (protocol === undefined) throw refuse(source, `names a proxy by ${scheme.slice(0, 20)}://`);
  const place = parseAuthority(authority, defaultPorts[protocol]);
  if (place === undefined) throw refuse(source, 'names no host, or no port from 1 to 65535');
  const credentials = userinfo === undefined ? undefined : readCredentials(userinfo, source);
  checkCredentials(protocol, credentials, source);
  return {
    protocol,
    ...place,
    username: credentials?.username,
    password: credentials?.password,
    shown: `${protocol}://${formatAuthority(place)}`,
    source,
  };
}

function protocolOf(scheme: string): ProxyProtocol | undefined {
  return Object.hasOwn(defaultPorts, scheme) ? (scheme as ProxyProtocol) : synonyms[scheme];
}

interface Credentials {
  readonly username: string;
  readonly password: string | undefined;
}

function readCredentials(userinfo: string, source: string): Credentials | undefined {
  if (userinfo === '') return undefined;
  const separator = userinfo.indexOf(':');
  const [username, password] =
    separator < 0 ? [userinfo] : [userinfo.slice(0, separator), userinfo.slice(separator + 1)];
  try {
    return {
      username: decodeURIComponent(username),
      password: password === undefined ? undefined : decodeURIComponent(password),
    };
  } catch {
    throw refuse(source, 'has credentials that are not percent-encoded (write % as %25)');
  }
}

function checkCredentials(
  protocol: ProxyProtocol,
  credentials: Credentials | undefined,
  source: string,
): void {
  if (credentials === undefined) return;
  const { username, password = '' } = credentials;
  if (/[\0\r\n]/.test(username + password)) throw refuse(source, 'has credentials with control characters');
  if (protocol.startsWith('http') && username.includes(':'))
    throw refuse(source, 'has a colon in its user name, which Basic authentication cannot carry');
  if (protocol.startsWith('socks4') && password !== '')
    throw refuse(source, 'has a password, which SOCKS 4 cannot carry');
  const lengths = [username, password].map((text) => Buffer.byteLength(text));
  if (protocol.startsWith('socks5') && lengths.some((length) => length > MAX_SOCKS_CREDENTIAL))
    throw refuse(source, `has credentials of more than ${MAX_SOCKS_CREDENTIAL} bytes`);
}

function refuse(source: string, what: string): AuditError {
  return new AuditError('bad-usage', `${source} ${what}`, {
    hint: `Expected ${EXPECTED}; or dial directly with --upstream-proxy none.`,
  });
}
