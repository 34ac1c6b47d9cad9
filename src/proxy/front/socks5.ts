import type { Duplex } from 'node:stream';
import { normalizeHost, parseAuthority } from '../authority.ts';
import { readUntil } from '../peek.ts';
import type { Destination } from '../types.ts';

// RFC 1928.
const VERSION = 5;
const NO_AUTHENTICATION = 0;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

export const socksReply = {
  chooseNoAuthentication: Buffer.from([VERSION, NO_AUTHENTICATION]),
  noAcceptableMethod: Buffer.from([VERSION, 0xff]),
  succeeded: Buffer.from([VERSION, 0, 0, IPV4, 0, 0, 0, 0, 0, 0]),
  notAllowed: failure(2),
  commandNotSupported: failure(7),
  addressNotSupported: failure(8),
};

/** RFC 1928, 6. */
const REPLY_CODES: Readonly<Record<string, number>> = {
  denied: 2,
  'loop-detected': 2,
  unreachable: 3,
  'dns-failed': 4,
  'connection-refused': 5,
  'connect-timeout': 6,
};

/** The reply that comes nearest to what went wrong; a general failure where none does. */
export function replyFor(code: string): Buffer {
  return failure(REPLY_CODES[code] ?? 1);
}

function failure(code: number): Buffer {
  return Buffer.from([VERSION, code, 0, IPV4, 0, 0, 0, 0, 0, 0]);
}

type Negotiated =
  | { readonly destination: Destination }
  /** It was answered, and why; undefined where the client closed it by itself. */
  | { readonly refused: string | undefined };

/** Answers a SOCKS5 client until it has named its destination, which is not answered yet. */
export async function negotiateSocks5(socket: Duplex, timeoutMs: number): Promise<Negotiated> {
  const greeting = await readUntil(socket, parseGreeting, timeoutMs);
  if (greeting.state !== 'complete' || !greeting.acceptsNoAuthentication) {
    socket.end(socksReply.noAcceptableMethod);
    const refused = 'expected a SOCKS5 greeting that needs no authentication';
    return { refused: greeting.state === 'closed' ? undefined : refused };
  }
  socket.write(socksReply.chooseNoAuthentication);
  const request = await readUntil(socket, parseRequest, timeoutMs);
  if (request.state === 'complete') return { destination: request.destination };
  socket.end(request.state === 'invalid' ? request.reply : socksReply.addressNotSupported);
  const refused = 'expected a SOCKS5 request to CONNECT to a host and a port';
  return { refused: request.state === 'closed' ? undefined : refused };
}

export type GreetingParse =
  | { readonly state: 'incomplete' }
  | { readonly state: 'invalid' }
  | { readonly state: 'complete'; readonly acceptsNoAuthentication: boolean; readonly length: number };

export type RequestParse =
  | { readonly state: 'incomplete' }
  | { readonly state: 'invalid'; readonly reply: Buffer }
  | { readonly state: 'complete'; readonly destination: Destination; readonly length: number };

export function parseGreeting(bytes: Buffer): GreetingParse {
  if (bytes[0] !== VERSION) return { state: 'invalid' };
  const count = bytes[1];
  if (count === undefined) return { state: 'incomplete' };
  if (count === 0) return { state: 'invalid' };
  const length = 2 + count;
  if (bytes.length < length) return { state: 'incomplete' };
  return {
    state: 'complete',
    acceptsNoAuthentication: bytes.subarray(2, length).includes(NO_AUTHENTICATION),
    length,
  };
}

/** Parses a SOCKS5 request. Only CONNECT is served: BIND and UDP ASSOCIATE are refused with the protocol's own codes. */
export function parseRequest(bytes: Buffer): RequestParse {
  if (bytes.length < 5) return { state: 'incomplete' };
  if (bytes[0] !== VERSION) return { state: 'invalid', reply: socksReply.commandNotSupported };
  if (bytes[1] !== CONNECT) return { state: 'invalid', reply: socksReply.commandNotSupported };
  const address = addressSpan(bytes);
  if (address === undefined) return { state: 'invalid', reply: socksReply.addressNotSupported };
  const length = address.end + 2;
  if (bytes.length < length) return { state: 'incomplete' };
  const host = address.read(bytes);
  const destination = parseAuthority(
    `${host.includes(':') ? `[${host}]` : host}:${bytes.readUInt16BE(address.end)}`,
  );
  return destination === undefined
    ? { state: 'invalid', reply: socksReply.addressNotSupported }
    : { state: 'complete', destination, length };
}

function addressSpan(bytes: Buffer): { end: number; read: (bytes: Buffer) => string } | undefined {
  switch (bytes[3]) {
    case IPV4:
      return { end: 8, read: (b) => [...b.subarray(4, 8)].join('.') };
    case IPV6:
      return { end: 20, read: (b) => formatIpv6(b.subarray(4, 20)) };
    case NAME: {
      const size = bytes[4] ?? 0;
      return { end: 5 + size, read: (b) => normalizeHost(b.toString('utf8', 5, 5 + size)) };
    }
    case undefined:
    default:
      return undefined;
  }
}

function formatIpv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
