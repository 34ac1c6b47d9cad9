import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';

const MAX_LENGTH = 255;
/** What would end a host in a URL: text with any of it is no name, and stays as it is. */
const NO_NAME = /[\s/?#\\@]/;

/**
 * One spelling for each host, so that names can be compared: lower case, IDNA (A-labels), without the final dot;
 * addresses as the system reads them (`127.1` and `0x7f000001` are 127.0.0.1), IPv6 without brackets, one that maps an IPv4
 * address as that. What is neither a name nor an address is kept in lower case, cut at 255 characters.
 */
export function canonicalHost(host: string): string {
  const text = asUtf8(host).slice(0, MAX_LENGTH).toLowerCase();
  const [bare = ''] = text.replace(/^\[(.*)\]$/, '$1').split('%', 1);
  if (ipaddr.isValid(bare)) return ipaddr.process(bare).toString();
  const name = NO_NAME.test(text) ? '' : domainToASCII(text);
  return (name === '' ? text : name).replace(/(?<=[^.])\.+$/, '');
}

/**
 * The host of a `Host` field or of `:authority`, in its one spelling; a port says nothing about who is meant, and userinfo
 * (which may be a secret) is none of it. Undefined where nothing is named.
 */
export function hostOfAuthority(value: string): string | undefined {
  const text = value.trim();
  const authority = text.slice(text.lastIndexOf('@') + 1);
  const [, host = authority] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(authority) ?? [];
  return host === '' ? undefined : canonicalHost(host);
}

/** Header fields come as Latin-1, whatever their bytes mean. */
function asUtf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  const decoded = Buffer.from(text, 'latin1').toString();
  return decoded.includes('\ufffd') ? text : decoded;
}
