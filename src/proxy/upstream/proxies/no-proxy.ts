import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { normalizeHost } from '../../authority.ts';
import type { Destination } from '../../types.ts';

/** More entries than this are not looked at. */
const MAX_ENTRIES = 10_000;

type Address = ipaddr.IPv4 | ipaddr.IPv6;

interface Asked {
  readonly host: string;
  readonly port: number;
  readonly address: Address | undefined;
}

type Exception = (asked: Asked) => boolean;

/**
 * The exceptions of a NO_PROXY list, entries separated by commas or white space: `*`, names (which stand for what is below
 * them too), `.suffix` and `*.suffix` (for what is below alone), addresses, networks in CIDR form, each with an optional
 * port. An IPv6 address may stand in brackets, and needs them for a port. Names are never resolved.
 */
export function createNoProxy(list: string): (destination: Destination) => boolean {
  const exceptions = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .slice(0, MAX_ENTRIES)
    .map(parseException)
    .filter((exception) => exception !== undefined);
  if (exceptions.length === 0) return () => false;
  return ({ host, port }) => {
    const asked = { host: normalizeHost(host), port, address: parseAddress(host) };
    return exceptions.some((matches) => matches(asked));
  };
}

function parseException(entry: string): Exception | undefined {
  if (entry === '*') return () => true;
  const { host, port } = splitPort(entry);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const matches = host === '*' ? () => true : (matchNetwork(host) ?? matchAddress(host) ?? matchName(host));
  if (matches === undefined || port === undefined) return matches;
  return (asked) => asked.port === port && matches(asked);
}

/** A bare IPv6 address has several colons, of which none leads to a port. */
function splitPort(entry: string): { host: string; port: number | undefined } {
  const [, host = entry, port] = /^(\[[^\]]*\](?:\/\d+)?|[^:]*):(\d{1,5})$/.exec(entry) ?? [];
  return { host, port: port === undefined ? undefined : Number(port) };
}

function matchNetwork(text: string): Exception | undefined {
  const isBracketed = text.startsWith('[') && text.endsWith(']');
  const match = /^([^/]+)\/(\d{1,3})$/.exec(isBracketed ? text.slice(1, -1) : text);
  const network = match?.[1] === undefined ? undefined : parseAddress(match[1]);
  const bits = Number(match?.[2]);
  if (network === undefined || bits > (network.kind() === 'ipv4' ? 32 : 128)) return undefined;
  return ({ address }) => address?.kind() === network.kind() && address.match(network, bits);
}

function matchAddress(text: string): Exception | undefined {
  const wanted = parseAddress(text)?.toNormalizedString();
  return wanted === undefined ? undefined : ({ address }) => address?.toNormalizedString() === wanted;
}

function matchName(text: string): Exception | undefined {
  const isBelow = /^\*?\./.test(text);
  const name = toAscii(normalizeHost(text.replace(/^\*?\./, '')));
  if (name === '' || name.includes('/')) return undefined;
  return ({ host, address }) => {
    if (address !== undefined) return false;
    const asked = toAscii(host);
    return asked.endsWith(`.${name}`) || (!isBelow && asked === name);
  };
}

/** Only whole dotted quads: `10.1` and `0x7f.1` are names to whoever sent them. IPv4 in IPv6 counts as IPv4. */
function parseAddress(text: string): Address | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function toAscii(name: string): string {
  return domainToASCII(name) || name;
}
