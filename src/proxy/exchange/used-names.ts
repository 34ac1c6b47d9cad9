import type { Names } from '../../model/exchange.ts';
import { hostOfAuthority } from '../../support/host-name.ts';
import type { Redaction } from '../types.ts';
import { type RawHeaders, valuesOf } from './raw-headers.ts';

/** How often one host is named in a row decides the speed, not how many there are. */
const MAX_KNOWN = 500;
/** Longer ones are no names. */
const MAX_KNOWN_LENGTH = 255;
const MAX_FIELDS = 8;
const known = new Map<string, string | undefined>();

/** The hosts that a connection names before its first request. */
export interface ConnectionNames {
  /** Of the tunnel, as CONNECT or SOCKS asked for it. */
  readonly connect: string | undefined;
  readonly sni: string | undefined;
}

/**
 * Every name by which a request is sent, where they differ (RFC 9110, 7.2: a target in absolute form and `:authority`
 * come before Host). Undefined where all of them name one host.
 *
 * @param target the host of a target in absolute form
 */
export function findDifferingNames(
  { connect, sni }: ConnectionNames,
  target: string | undefined,
  headers: RawHeaders,
): Names | undefined {
  const tunnel = connect === undefined ? undefined : read(bracketed(connect));
  const server = sni === undefined ? undefined : read(sni);
  const only = tunnel ?? server;
  if (target === undefined && (server ?? only) === only && namesNoneBut(only, headers)) return undefined;
  const [authority, ...others] = readAsked(target, headers);
  const all = [tunnel, server, authority, ...others].filter((name) => name !== undefined);
  if (all.every((name) => name === all[0])) return undefined;
  const host = [...new Set(others)].filter((name) => name !== authority).slice(0, MAX_FIELDS);
  return withoutUndefined({
    connect: tunnel,
    sni: server,
    authority,
    host: host.length === 0 ? undefined : host,
  });
}

function withoutUndefined(names: Names): Names {
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined));
}

/** What a request is for, by its target and its fields, the first of which counts. */
function readAsked(target: string | undefined, headers: RawHeaders): string[] {
  const fields = [...valuesOf(headers, ':authority'), ...valuesOf(headers, 'host')];
  return [...(target === undefined ? [] : [target]), ...fields].flatMap((value) => read(value) ?? []);
}

/** True of nearly all requests, so that no list is made for them. */
function namesNoneBut(only: string | undefined, headers: RawHeaders): boolean {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const field = headers[index] ?? '';
    if (field.length !== 4 && field.length !== 10) continue;
    const name = field.toLowerCase();
    if (name !== 'host' && name !== ':authority') continue;
    const host = read(headers[index + 1] ?? '');
    if (host !== undefined && host !== only) return false;
  }
  return true;
}

/** The same of a tunnel that passes unread. */
export function findDifferingTunnelNames(names: ConnectionNames): Names | undefined {
  return findDifferingNames(names, undefined, []);
}

/** A name may have been made of anything, secrets included. */
export function redactNames({ connect, sni, authority, host }: Names, redaction: Redaction): Names {
  const text = (name: string): string => redaction.text(name);
  return {
    ...(connect === undefined ? {} : { connect: text(connect) }),
    ...(sni === undefined ? {} : { sni: text(sni) }),
    ...(authority === undefined ? {} : { authority: text(authority) }),
    ...(host === undefined ? {} : { host: host.map(text) }),
  };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function read(authority: string): string | undefined {
  if (known.has(authority)) return known.get(authority);
  if (authority.length > MAX_KNOWN_LENGTH) return hostOfAuthority(authority);
  if (known.size >= MAX_KNOWN) known.clear();
  const host = hostOfAuthority(authority);
  known.set(authority, host);
  return host;
}
